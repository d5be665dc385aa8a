import type { TrainingSettings } from './types.ts';

/**
 * Learning rate of a step: linear warm-up from 0, then the schedule over what is left.
 *
 * Cosine: ½ · peak · (1 + cos(π t)), t in [0, 1] from the end of the warm-up to the end of training (Loshchilov and
 * Hutter 2017, arXiv 1608.03983, eq. 5, one cycle). Step: peak · factor^⌊epoch / every⌋.
 *
 * @param step - steps done so far, from 0
 */
export function learningRateAt(
  { learningRate, warmupEpochs, epochs, schedule }: TrainingSettings,
  step: number,
  stepsPerEpoch: number,
): number {
  const warmup = warmupEpochs * stepsPerEpoch;
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1);
  switch (schedule.name) {
    case 'cosine': {
      const t = (step - warmup) / (epochs * stepsPerEpoch - warmup);
      return 0.5 * learningRate * (1 + Math.cos(Math.PI * t));
    }
    case 'step':
      return learningRate * schedule.factor ** Math.floor(step / stepsPerEpoch / schedule.every);
  }
}
