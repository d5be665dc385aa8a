import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SigningKeyError } from './errors.ts';

/**
 * A key that signs statements: Ed25519, PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @throws SigningKeyError
 */
export async function readPrivateKey(path: string): Promise<KeyObject> {
  return readPem(path, createPrivateKey, 'a private Ed25519 key in PEM (openssl genpkey -algorithm ed25519)');
}

/**
 * A key that checks statements: Ed25519, SPKI in PEM, as `openssl pkey -pubout` writes it.
 *
 * @throws SigningKeyError
 */
export async function readPublicKey(path: string): Promise<KeyObject> {
  return readPem(path, createPublicKey, 'a public Ed25519 key in PEM (openssl pkey -in signing.pem -pubout)');
}

async function readPem(path: string, create: (pem: string) => KeyObject, expected: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SigningKeyError(path, `cannot be read (${cause.code}); expected ${expected}`, { cause });
  });
  if (create === createPublicKey && pem.includes('PRIVATE KEY')) {
    throw new SigningKeyError(path, `holds a private key, which only its owner should have; expected ${expected}`);
  }
  let key: KeyObject;
  try {
    key = create(pem);
  } catch {
    throw new SigningKeyError(path, `is no key without a password; expected ${expected}`); // the cause may hold the text
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new SigningKeyError(path, `is a key for ${key.asymmetricKeyType}; expected ${expected}`);
}
