import type { ShardsFacts } from '@radiotracer/corpus';
import type { Architecture } from '@radiotracer/nets';
import type { Artifact } from '@radiotracer/store';

export type { Architecture };

/**
 * A change that every image goes through. JPEG as Pillow saves it; a blur of σ pixels; a resize to `factor` of both sides
 * and back; grey in three channels; torchvision's RandAugment, `magnitude` in 0..30.
 */
export type Augmentation =
  | { readonly name: 'jpeg'; readonly quality: number }
  | { readonly name: 'blur'; readonly sigma: number }
  | { readonly name: 'resize'; readonly factor: number }
  | { readonly name: 'grey' }
  | { readonly name: 'randAugment'; readonly operations: number; readonly magnitude: number };

/** How a network is trained. SGD with Nesterov off, as torchvision's reference. */
export interface TrainingSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule:
    { readonly name: 'cosine' } | { readonly name: 'step'; readonly every: number; readonly factor: number };
  /** Epochs over which the learning rate climbs linearly from 0; may be a fraction. */
  readonly warmupEpochs: number;
  /** Random crop after padding by this many pixels (0: none). */
  readonly cropPadding: number;
  readonly horizontalFlip: boolean;
  /** What happens to every image of the training split, in this order, before crop and flip. */
  readonly augmentations?: readonly Augmentation[];
  /** Share of a label that is spread over all classes, in [0, 1). */
  readonly labelSmoothing?: number;
  /** α of mixup, in (0, 1]: images and labels are mixed by a share from Beta(α, α), one for each batch. */
  readonly mixup?: number;
  /** α of CutMix, in (0, 1]. Where there is mixup too, each batch has one of them. */
  readonly cutmix?: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
  /** Seeds the weights, the order of images and their augmentation. */
  readonly seed: number;
}

/** Input of the `trainNetwork` stage. */
export interface TrainNetworkInput {
  readonly train: Artifact<ShardsFacts>;
  readonly test: Artifact<ShardsFacts>;
  readonly architecture: Architecture;
  readonly training: TrainingSettings;
  /** Starts from its weights, as fine-tuning does, in place of random ones; of the same architecture and classes. */
  readonly start?: Artifact<NetworkFacts>;
  /** Learns a teacher's probabilities of the same classes in place of the labels; see `trainingPass`. */
  readonly distillation?: { readonly teacher: Artifact<NetworkFacts>; readonly temperature: number };
}

/** Input of the `trainLastLayer` stage. */
export interface TrainLastLayerInput {
  /** Its layers but the last are kept. */
  readonly network: Artifact<NetworkFacts>;
  readonly train: Artifact<ShardsFacts>;
  readonly test: Artifact<ShardsFacts>;
  /** Of the last layer's weight, as in `TrainingSettings`; its bias has none. */
  readonly weightDecay: number;
  /** Trains by DP-SGD, see `dpSgd`, in place of to the optimum. */
  readonly privacy?: PrivacySettings & { readonly seed: number };
}

/** How a last layer is trained with differential privacy. The names are those of Opacus. */
export interface PrivacySettings {
  /** σ, above 0: standard deviation of the noise, in units of `maxGradNorm`. */
  readonly noiseMultiplier: number;
  /** C, above 0: L2 norm that the gradient of an image is clipped to. */
  readonly maxGradNorm: number;
  /** Times that an image is learned from, on average. */
  readonly epochs: number;
  /** Images of a step, on average: each is in it with the probability batchSize / N, by itself (Poisson sampling). */
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Input of the `importNetwork` stage; `locations.network` says where the file lies. */
export interface ImportNetworkInput {
  /** Hex SHA-256 of the safetensors file. */
  readonly weightsSha256: string;
  /** Of the corpus whose classes the network tells apart. */
  readonly test: Artifact<ShardsFacts>;
}

/** What is known of a trained network without opening it. */
export interface NetworkFacts {
  readonly architecture: Architecture;
  readonly classNames: readonly string[];
  /** 0 where it was trained elsewhere. */
  readonly epochs: number;
  /** Top-1 accuracy on the test split, in [0, 1]. */
  readonly testAccuracy: number;
  /** Mean cross-entropy on the test split, in nats. */
  readonly testLoss: number;
  readonly weightsSha256: string;
  /**
   * Of a last layer that was trained by DP-SGD: (ε, δ)-differential privacy for each image that it was trained on, given
   * the layers before it, which count as public.
   */
  readonly privacy?: { readonly epsilon: number; readonly delta: number };
}
