import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { doesNotHold } from './errors.ts';
import { parseAs } from './parse-json.ts';

/*
 * DSSE 1.0.0 with Ed25519 (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md).
 */

const envelopeSchema = z.object({
  payloadType: z.string(),
  /** Base64, standard or URL-safe. */
  payload: z.string(),
  signatures: z.array(z.object({ keyid: z.string().optional(), sig: z.string() })).min(1),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** The bytes that are signed: PAE(type, body) of the specification. */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

/** @param privateKey - Ed25519 */
export function signEnvelope(payloadType: string, body: Uint8Array, privateKey: KeyObject): Envelope {
  const sig = sign(null, preAuthEncoding(payloadType, body), privateKey).toString('base64');
  const keyid = keyIdOf(createPublicKey(privateKey));
  return { payload: Buffer.from(body).toString('base64'), payloadType, signatures: [{ keyid, sig }] };
}

/** Hex SHA-256 of a public key's SPKI in DER. A hint that other tools ask for: nothing rests on it. */
function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/**
 * The body of an envelope, once one of its signatures is found to be this key's.
 *
 * @param publicKey - Ed25519
 * @param where - the name of the file, for messages
 * @throws VerificationError if none is, the body is of another type, or something is not base64
 */
export function openEnvelope(
  { payload, payloadType, signatures }: Envelope,
  expectedType: string,
  publicKey: KeyObject,
  where: string,
): Buffer {
  const body = fromBase64(payload, `${where} payload`);
  const signed = preAuthEncoding(payloadType, body);
  const isSigned = signatures.some(({ sig }) => verify(null, signed, publicKey, fromBase64(sig, `${where} sig`)));
  if (!isSigned) {
    throw doesNotHold(where, 'is not signed with this key: it was changed, or signed by somebody else');
  }
  if (payloadType !== expectedType) throw doesNotHold(where, `holds a ${payloadType}, expected a ${expectedType}`);
  return body;
}

/** @throws VerificationError if it is no envelope */
export function parseEnvelope(value: unknown, where: string): Envelope {
  return parseAs(envelopeSchema, value, where, 'DSSE envelope');
}

export function envelopeText(envelope: Envelope): string {
  return `${JSON.stringify(envelope)}\n`;
}

/** Strict: Node passes over what is no base64, and over bits behind the end. */
function fromBase64(text: string, where: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const standard = bytes.toString('base64');
  if (text === standard || text === standard.replaceAll('+', '-').replaceAll('/', '_')) return bytes;
  throw doesNotHold(where, 'is not base64');
}
