import { decodeImage } from '@radiotracer/corpus';
import { tf } from '@radiotracer/nets';

import type { Image } from './image.ts';

/**
 * What is left of an image in a JPEG file, by TensorFlow's libjpeg-turbo: the pixels of a file that Pillow saves with this
 * quality, its chrominance at half the resolution. The corpus' `encodeJpeg` comes to the same pixels by sharp, at a third of
 * the speed or less (2,300 to 2,500 images of 32×32 a second, one after the other, against 7,400 to 16,500): too slow for
 * every image of a training.
 *
 * @param quality - a whole number in 1..100
 */
export async function jpegAgain({ pixels, height, width }: Image, quality: number): Promise<Image> {
  const tensor = tf.tensor3d(pixels, [height, width, 3], 'int32');
  const file = await tf.node.encodeJpeg(tensor, 'rgb', quality).finally(() => tensor.dispose());
  return decodeImage(file);
}
