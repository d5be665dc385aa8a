import { fisher, log10CosineUpperTail, stouffer } from '@radiotracer/stats';
import type { Evidence, TestResult } from './types.ts';

const assumptions = [
  'The carriers are directions drawn uniformly, and independently of one another, with the secret key.',
  'The suspect and the alignment of its features to those of the marking network owe nothing to the carriers.',
];

/**
 * The white-box test of the paper: is the suspect's last layer turned towards the carriers?
 *
 * If the suspect never saw the marks, the carrier u_c is a uniform direction in R^d independent of A w_c, so
 *   P(cos(A w_c, u_c) ≥ s) = ½ · I_{1−s²}((d−1)/2, ½)   for s ≥ 0, by symmetry for s < 0
 * and classes are independent. They are combined by Fisher's method, as in the paper, and by Stouffer's, which suits
 * a small shift in every class better than Fisher's.
 *
 * @returns both combinations; none where no class has a cosine, be it that the suspect's weights have no direction
 * Source: Sablayrolles et al. 2020, "Radioactive data: tracing through training", section 4 (arXiv 2002.00937).
 */
export function whiteBoxTests({ whiteBox }: Pick<Evidence, 'whiteBox'>): TestResult[] {
  const cosines = whiteBox.cosine.filter((cosine) => cosine !== null);
  if (cosines.length === 0) return [];
  const log10Ps = cosines.map((cosine) => log10CosineUpperTail(cosine, whiteBox.dimension));
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  const r2 = whiteBox.heldOutR2?.toFixed(2) ?? "not defined, as the suspect's features are the same for every image";
  const shared = {
    statistic: { name: 'mean cosine of class weight and carrier', value: mean },
    sampleSize: { classes: cosines.length, dimension: whiteBox.dimension },
    assumptions,
    caveat:
      'Its evidence grows only with the square root of the number of classes, and it sees nothing where the feature ' +
      `spaces do not align (R² on images that the alignment was not fitted to: ${r2}).`,
  };
  return [
    { test: "white-box cosine test, classes combined by Fisher's method", log10P: fisher(log10Ps), ...shared },
    { test: "white-box cosine test, classes combined by Stouffer's method", log10P: stouffer(log10Ps), ...shared },
  ];
}
