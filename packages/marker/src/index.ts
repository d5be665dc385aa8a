/**
 * Choosing, marking and publishing images.
 *
 * `markImages` makes versions of the chosen images along secret carriers, `publish` draws one of each with the key and
 * writes the corpus to release. `optimizeVersions` is the optimisation by itself.
 */
export { linf, psnrDb } from './lib/distortion.ts';
export { MarkingError } from './lib/errors.ts';
export { markImages } from './lib/mark-images.ts';
export { checkMarkingSettings, PAPER_MARKING } from './lib/marking-settings.ts';
export { type ImageToMark, optimizeVersions } from './lib/optimize-versions.ts';
export { openKey } from './lib/open-key.ts';
export { publish } from './lib/publish.ts';
export type * from './lib/types.ts';
