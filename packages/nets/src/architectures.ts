/**
 * What can be said of a network without TensorFlow, which takes seconds to load: which there are, what they are made of,
 * and which one a file holds.
 */
export { type Architecture, architectureNames, misfit } from './lib/architecture.ts';
export { WeightsError } from './lib/errors.ts';
export { featureSize } from './lib/parameter-specs.ts';
export { recognise, type Recognised } from './lib/recognise.ts';
export { refusePickle } from './lib/refuse-pickle.ts';
export { decodeShapes } from './lib/safetensors.ts';
