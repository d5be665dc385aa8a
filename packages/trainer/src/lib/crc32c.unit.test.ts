import { expect, it } from '@jest/globals';

import { crc32c } from './crc32c.ts';

it.each([
  ['no bytes', [], 0],
  ['the digits 1 to 9', [...Buffer.from('123456789')], 0xe3069283],
  ['32 zeros', Array(32).fill(0), 0x8a9136aa], // this and the next: RFC 3720, appendix B.4
  ['32 bytes of ones', Array(32).fill(0xff), 0x62a8ab43],
])('is that of the standard for %s', (_, bytes, expected) => {
  expect(crc32c(Uint8Array.from(bytes))).toBe(expected);
});
