import * as tf from '@tensorflow/tfjs-node-gpu';

export { tf };

/** An attribute of a TensorFlow operation, as the binding wants it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The part of tfjs-node's backend that runs TensorFlow's own kernels by name. */
interface TensorFlowBackend {
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(op: string, attributes: OpAttribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_SHAPE: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
  };
}

const backend = tf.backend() as unknown as TensorFlowBackend;
const { binding } = backend;

/** Where TensorFlow computes. */
export const device = backend.isUsingGpuDevice ? 'gpu' : 'cpu';

const float = (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_FLOAT, value });
const int = (name: string, value: number | readonly number[]): OpAttribute => ({
  name,
  type: binding.TF_ATTR_INT,
  value,
});
const bool = (name: string, value: boolean): OpAttribute => ({ name, type: binding.TF_ATTR_BOOL, value });
const string = (name: string, value: string): OpAttribute => ({ name, type: binding.TF_ATTR_STRING, value });
const strings = (name: string, value: readonly string[]): OpAttribute => ({
  name,
  type: binding.TF_ATTR_STRING,
  value,
});
const shape = (name: string, value: readonly number[]): OpAttribute => ({ name, type: binding.TF_ATTR_SHAPE, value });
const floatType = (name: string): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });
const floatTypes = (name: string, count: number): OpAttribute => ({
  name,
  type: binding.TF_ATTR_TYPE,
  value: Array.from({ length: count }, () => binding.TF_FLOAT),
});
const intType = (name: string): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 });

/** Makers of attributes, so that kernels read like TensorFlow's op definitions. */
export const attribute = { float, int, bool, string, strings, shape, floatType, floatTypes, intType };

/** Runs a TensorFlow kernel that has one output. The caller owns the result. */
export function execute(op: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor {
  return backend.executeSingleOutput(op, attributes, inputs);
}

/** Runs a TensorFlow kernel with several outputs. The caller owns all of them. */
export function executeMany(op: string, attributes: OpAttribute[], inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  return backend.executeMultipleOutputs(op, attributes, inputs, outputs);
}
