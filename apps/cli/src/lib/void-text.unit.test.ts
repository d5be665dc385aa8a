import { expect, it } from '@jest/globals';
import type { Verified } from '@radiotracer/evidence';
import { voidText } from './void-text.ts';

const verified = (published: number, decoys: number): Verified =>
  ({ referencePreference: { published, decoys }, commitment: { plan: { level: 1e-4 } } }) as Verified;

it.each<[published: number, decoys: number, found: string[]]>([
  [-1, -0.05, []],
  [-3.9, -3.9, []],
  [-4, 0, ['VOID: .* prefers the published versions as well \\(p = 10\\^-4\\.0\\)']],
  [0, -7.5, ['VOID: .* prefers the decoys \\(p = 10\\^-7\\.5\\)']],
])('tells what a marking network prefers, of log10 p %d and %d either way', (published, decoys, found) => {
  expect(voidText(verified(published, decoys))).toEqual(found.map((text) => expect.stringMatching(text)));
});
