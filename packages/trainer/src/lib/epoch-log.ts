/** One line of a network's `log.jsonl`. Losses are mean cross-entropies in nats, accuracies top-1 in [0, 1]. */
export interface EpochLog {
  /** From 1. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
}
