import { candidatesDigest, type PublicationManifest } from '@radiotracer/carriers';

/** From what, and by what, the versions of a publication were drawn. */
export function drawnText(manifest: PublicationManifest): string {
  const { beacon } = manifest;
  return `drawn from candidates ${candidatesDigest(manifest)} ${beacon === undefined ? 'without a beacon' : `by ${beacon}`}`;
}
