/** CRC-32C (Castagnoli, RFC 3720, appendix B.4) of bytes, as an unsigned number. Node's zlib has only CRC-32. */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}

const polynomial = 0x82f63b78; // bits reversed

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  return crc;
});
