/**
 * Choosing, marking and publishing images.
 *
 * `chooseImages` says which, `markImages` makes versions of a part of them along secret carriers, `joinVersions` joins
 * the parts, `publish` draws one version of each image with the key and writes the corpus to release.
 * `optimizeVersions` is the optimisation by itself.
 */
export { chooseImages } from './lib/choose-images.ts';
export { linf, psnrDb } from './lib/distortion.ts';
export { MarkingError } from './lib/errors.ts';
export { joinVersions } from './lib/join-versions.ts';
export { markImages } from './lib/mark-images.ts';
export { checkMarkingSettings, PAPER_MARKING } from './lib/marking-settings.ts';
export { type ImageToMark, optimizeVersions } from './lib/optimize-versions.ts';
export { openKey } from './lib/open-key.ts';
export { publish } from './lib/publish.ts';
export type * from './lib/types.ts';
