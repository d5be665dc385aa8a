import { type FrozenNetwork, tf } from '@radiotracer/nets';

/**
 * What a student learns from: a teacher's probabilities of all classes.
 *
 * @param images - normalised, [N, H, W, 3]
 * @param temperature - divides the teacher's logits before the softmax
 * @returns [N, K] float32, which the caller owns
 */
export function teacherTargets(teacher: FrozenNetwork, images: tf.Tensor, temperature: number): tf.Tensor {
  return tf.tidy(() => tf.softmax(tf.div(teacher.logits(images).logits, temperature)));
}
