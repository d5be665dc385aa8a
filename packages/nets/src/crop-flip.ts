/** Images moved and mirrored, as training moves them. Loads no TensorFlow. */
export { type CropFlip, cropFlipBatch, NO_CROP_FLIP } from './lib/crop-flip.ts';
