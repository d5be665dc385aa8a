/**
 * Convolutional networks on TensorFlow's own kernels, with torchvision's parameter names.
 *
 * `trainingPass` gives loss and gradients of a batch; `FrozenNetwork` gives features, logits and image gradients of a
 * trained network; `encodeSafetensors` and `toTorchvision` carry weights to PyTorch and back.
 */
export { type Architecture, architectureNames, isArchitecture, lastLayer, misfit } from './lib/architecture.ts';
export {
  addCropFlipGradient,
  type CropFlip,
  cropFlip,
  cropFlipBatch,
  type CropFlipRange,
  drawCropFlip,
  NO_CROP_FLIP,
} from './lib/crop-flip.ts';
export { SmallImagesError, WeightsError } from './lib/errors.ts';
export { FrozenNetwork } from './lib/frozen-network.ts';
export { addN, inverse, softmaxCrossEntropy } from './lib/kernels.ts';
export { normalise, PIXEL_MEAN, PIXEL_STD } from './lib/normalise.ts';
export { featureSize } from './lib/parameter-specs.ts';
export { initialParameters, isTrainable, type Parameters, parameter } from './lib/parameters.ts';
export { recognise, type Recognised } from './lib/recognise.ts';
export { refusePickle } from './lib/refuse-pickle.ts';
export { Rng } from './lib/rng.ts';
export {
  decodeSafetensors,
  decodeShapes,
  encodeSafetensors,
  type NamedArray,
  type Safetensors,
} from './lib/safetensors.ts';
export { tf } from './lib/tensorflow.ts';
export { type TrainingPass, trainingPass } from './lib/training-pass.ts';
export { Variable } from './lib/variable.ts';
export { fromTorchvision, toTorchvision } from './lib/weights.ts';
