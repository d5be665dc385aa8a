import { beaconPattern } from '@radiotracer/carriers';
import { z } from 'zod';
import { manifestFile } from './bundle.ts';
import { doesNotHold } from './errors.ts';
import { parseAs, parseJson } from './parse-json.ts';

const index = z.int().nonnegative();
const hex256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What is read of a publication's `private/manifest.json`; see `PublicationManifest` of `@radiotracer/carriers`. */
const manifestSchema = z.object({
  keyId: hex256,
  split: z.string(),
  classNames: z.array(z.string()),
  height: z.int().positive(),
  width: z.int().positive(),
  versions: z.int().min(2),
  carrierUnit: z.enum(['class', 'image']),
  markingNetworkSha256: hex256,
  beacon: z.string().regex(beaconPattern).optional(),
  images: z
    .array(z.object({ row: index, label: index, published: index, versionSha256: z.array(hex256) }))
    .min(1)
    .refine((images) => new Set(images.map(({ row }) => row)).size === images.length, 'a row is there twice'),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** @throws VerificationError naming the field */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest = parseAs(manifestSchema, parseJson(bytes, manifestFile, 'a manifest'), manifestFile, 'manifest');
  const wrong = manifest.images.find(({ versionSha256 }) => versionSha256.length !== manifest.versions);
  if (wrong) {
    const found = wrong.versionSha256.length;
    throw doesNotHold(manifestFile, `has ${found} versions of row ${wrong.row}, expected ${manifest.versions}`);
  }
  return manifest;
}
