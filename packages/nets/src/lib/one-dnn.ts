/**
 * oneDNN's kernels, by the names that TensorFlow gives them inside. By itself it uses them only on CPUs with
 * instructions for neural networks, such as AVX-512 VNNI; called by name, they are used on every CPU, and also do what
 * it has no public operation for. They may be missing from a TensorFlow, so every use has a plain kernel to fall back on.
 */
import { attribute, device, executeMany, type OpAttribute, tf } from './tensorflow.ts';

/** Runs a oneDNN kernel with as many outputs as asked for. The caller owns all of them. */
export function executeOneDnn(
  op: string,
  attributes: OpAttribute[],
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  return executeMany(
    `_MklNative${op}`,
    [...attributes, attribute.string('_kernel', 'MklNameChangeOp')],
    inputs,
    outputs,
  );
}

/** Whether this process computes on a CPU with a TensorFlow that has them. */
export const hasOneDnn = device === 'cpu' && tf.tidy(canRun);

/** Runs a kernel that both have under one name, by oneDNN where there is one. The caller owns all outputs. */
export const executeByEither = hasOneDnn ? executeOneDnn : executeMany;

function canRun(): boolean {
  const attributes = [
    attribute.floatType('T'),
    attribute.int('strides', [1, 1, 1, 1]),
    attribute.string('padding', 'VALID'),
    attribute.int('num_args', 1),
    attribute.floatTypes('TArgs', 1),
    attribute.strings('fused_ops', ['BiasAdd', 'Relu']),
  ];
  const one = tf.ones([1, 1, 1, 1]);
  try {
    return executeOneDnn('FusedConv2D', attributes, [one, one, tf.ones([1])], 1).length === 1;
  } catch {
    return false;
  }
}
