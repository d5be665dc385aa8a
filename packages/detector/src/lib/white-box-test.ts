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
 * The third test is of what the class weights have beyond a clean network's, see `excessWeights`: the same law, and less
 * noise. Marks move every class a little, so it is combined by Stouffer's method alone.
 *
 * @returns those that apply; none where neither weights nor what stands in for them was seen, or no class has a cosine,
 *   be it that the suspect's weights have no direction
 * Source: Sablayrolles et al. 2020, "Radioactive data: tracing through training", section 4 (arXiv 2002.00937), but for
 * the excess.
 */
export function whiteBoxTests({ whiteBox }: Pick<Evidence, 'whiteBox'>): TestResult[] {
  if (!whiteBox) return [];
  const { cosine, excessCosine = [], dimension, heldOutR2, inferredFrom } = whiteBox;
  const r2 = heldOutR2?.toFixed(2) ?? "not defined, as the suspect's features are the same for every image";
  const caveat =
    'Its evidence grows only with the square root of the number of classes, and it sees nothing where the feature ' +
    `spaces do not align (R² on images that the alignment was not fitted to: ${r2}).` +
    (inferredFrom ? ` The suspect's weights were not seen; its ${inferredFrom} on clean images tell of them.` : '');
  const tests = (cosines: readonly (number | null)[], of: string, combine: Readonly<Record<string, Combination>>) => {
    const values = cosines.filter((value) => value !== null);
    if (values.length === 0) return [];
    const log10Ps = values.map((value) => log10CosineUpperTail(value, dimension));
    return Object.entries(combine).map(([method, combination]) => ({
      test: `white-box cosine test${of}, classes combined by ${method}'s method`,
      log10P: combination(log10Ps),
      statistic: {
        name: `mean cosine of class weight${of} and carrier`,
        value: values.reduce((sum, value) => sum + value, 0) / values.length,
      },
      sampleSize: { classes: values.length, dimension },
      assumptions,
      caveat,
    }));
  };
  return [
    ...tests(cosine, '', { Fisher: fisher, Stouffer: stouffer }),
    ...tests(excessCosine, " beyond a clean network's", { Stouffer: stouffer }),
  ];
}

type Combination = (log10Ps: readonly number[]) => number;
