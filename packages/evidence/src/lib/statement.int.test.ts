import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exampleBundle } from '../../test/example-bundle.ts';
import signedHere from '../../test/fixtures/signed-here.json' with { type: 'json' };
import fixture from '../../test/fixtures/statement.json' with { type: 'json' };
import { type Envelope, envelopeText, openEnvelope, parseEnvelope, preAuthEncoding, signEnvelope } from './dsse.ts';
import { readPrivateKey, readPublicKey } from './signing-key.ts';
import { signStatement, statementOf, verifyStatement } from './statement.ts';
import { verifyBundle } from './verify-bundle.ts';

const inToto = 'application/vnd.in-toto+json';
const privateKey = createPrivateKey(fixture.privateKey);
const publicKey = createPublicKey(fixture.publicKey);

let example: Awaited<ReturnType<typeof exampleBundle>>;
beforeEach(async () => {
  example = await exampleBundle(
    [
      { seed: 1, effect: 0.6 },
      { seed: 2, name: 'control' },
    ],
    { test: 'exact', level: 1e-4, looks: 2 },
  );
});
afterEach(() => rm(dirname(example.folder), { recursive: true }));

test('the vector of the DSSE specification: its signature is over our encoding', () => {
  const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
  expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  const coordinate = (decimal: string): string =>
    Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: coordinate('46950820868899156662930047687818585632848591499744589407958293238635476079160'),
    y: coordinate('5640078356564379163099075877009565129882514886557779369047442380624545832820'),
  };
  const sig = 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==';
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  expect(verify('sha256', encoded, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(sig, 'base64'))).toBe(true);
  expect(preAuthEncoding('Ω', Buffer.from('é')).toString()).toBe('DSSEv1 2 Ω 2 é'); // lengths are bytes
});

test('what securesystemslib signed is accepted, and signed here it is the same', () => {
  const envelope = parseEnvelope(fixture.envelope, 'statement.json');
  const body = openEnvelope(envelope, inToto, publicKey, 'statement.json');
  expect(JSON.parse(body.toString())).toMatchObject({ subject: [{ name: 'suspect Ω' }] });
  expect(preAuthEncoding(inToto, body).toString('hex')).toBe(fixture.pae);
  expect(signEnvelope(inToto, body, privateKey).signatures[0]?.sig).toBe(envelope.signatures[0]?.sig);
});

test('what securesystemslib accepted is signed as we sign', () => {
  // Signed statement of the example; to make it again, sign that, then let generate-statement.py check it.
  const body = openEnvelope(parseEnvelope(signedHere, 'signed-here.json'), inToto, publicKey, 'signed-here.json');
  expect(JSON.parse(body.toString())).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' });
  expect(signEnvelope(inToto, body, privateKey)).toEqual(signedHere);
});

test('names models, corpus, commitment and bundle as subjects, and every look', async () => {
  const verified = await verifyBundle(example.folder, example.key);
  const { subject, predicate } = statementOf(verified);
  expect(subject.map(({ name, digest }) => [name, Object.keys(digest)])).toEqual([
    ['look 1: suspect, its weights', ['sha256']],
    ['look 2: control, its weights', ['sha256']],
    ['published corpus, its data files', ['dirHash1']],
    ['commitment.json', ['sha256']],
    ['SHA256SUMS', ['sha256']],
  ]);
  expect(predicate.looks.map(({ isDetected }) => isDetected)).toEqual([true, false]);
  expect(JSON.stringify(predicate)).not.toContain('versionSha256'); // rows and draws stay in the bundle
  verifyStatement(signStatement(verified, privateKey), publicKey, verified);
});

test('a statement of another state of the bundle, by another key, or of another type is refused', async () => {
  const verified = await verifyBundle(example.folder, example.key);
  const envelope = signStatement(verified, privateKey);
  const other = { ...verified, looks: verified.looks.map((look) => ({ ...look, isDetected: true })) };
  expect(() => verifyStatement(envelope, publicKey, other)).toThrow(
    'statement.dsse.json says that predicate.looks[1].isDetected is false; the bundle has true',
  );
  const stranger = generateKeyPairSync('ed25519').publicKey;
  expect(() => verifyStatement(envelope, stranger, verified)).toThrow('is not signed with this key');
  expect(() => verifyStatement(signEnvelope('text/plain', Buffer.from('x'), privateKey), publicKey, verified)).toThrow(
    'holds a text/plain, expected a application/vnd.in-toto+json',
  );
});

test('a changed bit anywhere in an envelope is noticed, but in the key’s id, which is a hint', async () => {
  const verified = await verifyBundle(example.folder, example.key);
  const envelope = signStatement(verified, privateKey);
  const text = envelopeText(envelope);
  const hint = text.indexOf('"keyid"');
  const changed = Array.from({ length: hint }, (_, i) => i)
    .filter((i) => i % 7 === 0)
    .concat(Array.from({ length: text.length - text.indexOf('"sig"') }, (_, i) => text.indexOf('"sig"') + i));
  for (const i of changed) {
    const bytes = Buffer.from(text);
    bytes[i] = (bytes[i] as number) ^ (1 << (i % 8));
    const check = (): void =>
      verifyStatement(parseEnvelope(JSON.parse(bytes.toString()), 'statement.dsse.json'), publicKey, verified);
    expect(check).toThrow();
  }
});

test('several signatures: one by the key is enough; URL-safe base64 is accepted, sloppy base64 is not', () => {
  const signed = signEnvelope(inToto, Buffer.from('{"?":"~~~"}'), privateKey);
  const [ours] = signed.signatures as [Envelope['signatures'][number]];
  const foreign = signEnvelope(inToto, Buffer.from('else'), generateKeyPairSync('ed25519').privateKey).signatures;
  const open = (envelope: Envelope): string => openEnvelope(envelope, inToto, publicKey, 'x').toString();
  expect(open({ ...signed, signatures: [...foreign, ours] })).toBe('{"?":"~~~"}');
  expect(() => open({ ...signed, signatures: foreign })).toThrow('is not signed');
  const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');
  expect(open({ ...signed, payload: urlSafe(signed.payload), signatures: [{ sig: urlSafe(ours.sig) }] })).toBe(
    '{"?":"~~~"}',
  );
  expect(() => open({ ...signed, payload: `${signed.payload} ` })).toThrow('x payload is not base64');
});

test('keys: Ed25519 in PEM; nothing of a file is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radiotracer-signing-'));
  const [mine, theirs, rsa, none] = ['mine.pem', 'theirs.pem', 'rsa.pem', 'none.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await writeFile(mine, fixture.privateKey);
  await writeFile(theirs, fixture.publicKey);
  await writeFile(
    rsa,
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  expect((await readPrivateKey(mine)).type).toBe('private');
  expect((await readPublicKey(theirs)).type).toBe('public');
  await expect(readPrivateKey(none)).rejects.toThrow('cannot be read (ENOENT); expected a private Ed25519 key');
  await expect(readPrivateKey(theirs)).rejects.toThrow('is no key without a password');
  await expect(readPublicKey(mine)).rejects.toThrow(
    'holds a private key, which only its owner should have; expected a public',
  );
  await expect(readPrivateKey(rsa)).rejects.toThrow('is a key for rsa; expected a private Ed25519 key in PEM');
  await rm(folder, { recursive: true });
});
