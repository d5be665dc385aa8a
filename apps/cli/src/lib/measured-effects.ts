/** How much training on published versions set suspects apart from clean models, in runs that were measured. */
export interface MeasuredEffect {
  /** Which marks and which training, for people. */
  readonly marks: string;
  /** d = z / √draws of the decisive test, median of the runs; sds of the scores within a draw. */
  readonly advantage: number;
  readonly runs: number;
  /** Where the runs are shown. */
  readonly source: string;
}

/** All with a carrier and a draw for each image, the hardest images marked, 10 versions. */
export const measuredEffects: readonly MeasuredEffect[] = [
  {
    marks: '1% of CIFAR-10, L∞ 8, 12 epochs',
    advantage: 0.387, // z 8.66, 500 draws, the recorded evidence judged as verdicts are now
    runs: 1,
    source: 'docs/results/cifar10.md',
  },
  {
    marks: "1% of the demo's 10,000 images, L∞ 16, 25 epochs",
    advantage: 0.82, // z 7.02 to 9.38, 100 draws
    runs: 10,
    source: 'docs/results/demo.md',
  },
];
