/** Shape of a parameter in torchvision's files: filters OIHW, which are HWIO here. */
export function storedShape(shape: readonly number[]): readonly number[] {
  const [height, width, input, output] = shape;
  return shape.length === 4 ? [output, input, height, width].map(Number) : shape;
}

/** Other names that the same tensors have: timm's of VGG, and those in torchvision's own old files of DenseNet. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^pre_logits\.fc1\./, 'classifier.0.'],
  [/^pre_logits\.fc2\./, 'classifier.3.'],
  [/^head\.fc\./, 'classifier.6.'],
  [/(denselayer\d+\.(?:norm|conv))\.([12])\./, '$1$2.'],
];

/**
 * Tensors by torchvision's name and in its shape. timm's linear layers of VGG are convolutions, [outputs, C, h, w]: the
 * same numbers in the same order as [outputs, C · h · w].
 */
export function torchvisionLayout<T extends { readonly shape: readonly number[] }>(
  tensors: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(tensors).map(([theirs, tensor]) => {
      const name = RENAMED.reduce((renamed, [pattern, by]) => renamed.replace(pattern, by), theirs);
      const [outputs = 0, ...inputs] = tensor.shape;
      const isLinear = name !== theirs && name.startsWith('classifier.') && tensor.shape.length === 4;
      return [name, isLinear ? { ...tensor, shape: [outputs, inputs.reduce((a, b) => a * b, 1)] } : tensor];
    }),
  );
}
