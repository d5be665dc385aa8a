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
    marks: '0.5% of CIFAR-10, L∞ 5, 16 epochs',
    advantage: 0.576, // z 9.11, 250 draws
    runs: 1,
    source: 'docs/results/cifar10-study.md',
  },
  {
    marks: '0.2% of CIFAR-10, L∞ 5, 16 epochs',
    advantage: 0.642, // z 6.42, 100 draws
    runs: 1,
    source: 'docs/results/cifar10-study.md',
  },
  {
    marks: '0.1% of CIFAR-10, L∞ 5, 16 epochs',
    advantage: 0.469, // z 3.31, 50 draws
    runs: 1,
    source: 'docs/results/cifar10-study.md',
  },
  {
    marks: '5% of 5,000 images of CIFAR-10, L∞ 5, half the width, 30 epochs',
    advantage: 0.487, // z 7.7, 250 draws
    runs: 1,
    source: 'docs/results/robustness.md',
  },
  {
    marks: "1% of the demo's 10,000 images, L∞ 16, 25 epochs",
    advantage: 0.82, // z 7.02 to 9.38, 100 draws; by one view, all others by eight
    runs: 10,
    source: 'docs/results/demo.md',
  },
];
