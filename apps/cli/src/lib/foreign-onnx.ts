import { readFile } from 'node:fs/promises';
import { OnnxNetwork } from '@radiotracer/detector/queries';
import { sha256 } from '@radiotracer/store';
import type { ShardsFacts } from '@radiotracer/corpus';
import type { OnnxIdentity } from '@radiotracer/detector';

export function isOnnx(file: string): boolean {
  return /\.onnx$/i.test(file);
}

/**
 * Opens the network in an ONNX file once, so that what cannot work is known before anything is computed.
 *
 * @param corpus - of the publication, whose images and classes the network's are taken to be
 * @param logits - name of the output, where several may be it
 * @returns which network it is, and what was assumed, for people
 * @throws OnnxError
 */
export async function foreignOnnx(
  file: string,
  { classNames, height, width }: Pick<ShardsFacts, 'classNames' | 'height' | 'width'>,
  logits?: string,
): Promise<{ readonly onnx: OnnxIdentity; readonly note: string }> {
  const bytes = await readFile(file);
  const classes = classNames.length;
  const network = await OnnxNetwork.open(file, bytes, { height, width, classes }, logits);
  await network.close();
  const note =
    `${file}: gives ${network.kind}; its ${classes} classes are taken to be the corpus' own, in their order ` +
    `(${classNames.slice(0, 3).join(', ')}${classes > 3 ? ', …' : ''}), its images to be normalised by ImageNet's mean ` +
    'and deviation';
  return { onnx: { modelSha256: sha256(bytes), ...(logits !== undefined && { logits }) }, note };
}
