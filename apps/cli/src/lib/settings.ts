import type { DecidingTest } from '@radiotracer/detector';
import type { MarkingSettings } from '@radiotracer/marker';
import type { Architecture, PrivacySettings, TrainingSettings } from '@radiotracer/trainer';
import { beaconPattern, beaconText } from '@radiotracer/carriers';
import { architectureNames, misfit } from '@radiotracer/nets/architectures';
import { z } from 'zod';

/*
 * The settings of an experiment, as a config file gives them. A field's description completes "expected …" in the
 * message that refuses a wrong value, so it says first what is valid, then what it means. Descriptions come last in
 * each chain: zod attaches them to the outermost schema.
 */

const count = z.int().min(1);
const notNegative = z.number().min(0);

/** The same fields, none of them needed and none with a default: what one part does otherwise than another. */
function changesTo<Output>({ shape }: z.ZodObject & z.ZodType<Output>): z.ZodType<Partial<Output>> {
  const optional = (field: z.ZodType): z.ZodType => {
    const bare = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field;
    return bare.optional().describe(field.description ?? '');
  };
  const fields = Object.entries(shape).map(([name, field]) => [name, optional(field as z.ZodType)] as const);
  return z.strictObject(Object.fromEntries(fields)) as unknown as z.ZodType<Partial<Output>>;
}

const architectureSchema = z
  .strictObject({
    name: z
      .enum(architectureNames)
      .default('resnet18')
      .describe(architectureNames.map((name) => `"${name}"`).join(', ')),
    stem: z
      .enum(['imagenet', 'small'])
      .default('imagenet')
      .describe('"imagenet" (7×7, stride 2, max-pool) or "small" (3×3, stride 1)'),
    width: count.max(1024).default(64).describe('a whole number in 1..1024 (channels of the first convolution)'),
  })
  .superRefine((architecture, { addIssue }) => {
    const problem = misfit(architecture);
    if (problem) addIssue({ code: 'custom', path: [problem.field], message: problem.valid });
  });

const scheduleSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('cosine') }),
  z.strictObject({
    name: z.literal('step'),
    every: count.describe('a whole number ≥ 1 (epochs between two steps)'),
    factor: z.number().gt(0).lt(1).describe('a number between 0 and 1 (the learning rate is multiplied by it)'),
  }),
]);

const augmentationSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('jpeg'), quality: count.max(100).describe('a whole number in 1..100') }),
  z.strictObject({ name: z.literal('blur'), sigma: z.number().gt(0).describe('a number > 0 (pixels)') }),
  z.strictObject({
    name: z.literal('resize'),
    factor: z.number().gt(0).lt(1).describe('a number between 0 and 1 (of both sides, and back)'),
  }),
  z.strictObject({ name: z.literal('grey') }),
  z.strictObject({
    name: z.literal('randAugment'),
    operations: count.max(14).describe('a whole number in 1..14 (one after the other)'),
    magnitude: z.int().min(0).max(30).describe('a whole number in 0..30'),
  }),
]);

const augmentationsText =
  'a list, each of { name: jpeg, quality: 1..100 }, { name: blur, sigma: <pixels> }, ' +
  '{ name: resize, factor: <below 1> }, { name: grey } or { name: randAugment, operations: 1..14, magnitude: 0..30 }';

const trainingSchema = z.strictObject({
  epochs: count.default(12).describe('a whole number ≥ 1'),
  batchSize: count.default(128).describe('a whole number ≥ 1 (images)'),
  learningRate: z.number().gt(0).default(0.1).describe('a number > 0 (the peak of the schedule)'),
  momentum: notNegative.lt(1).default(0.9).describe('a number in [0, 1)'),
  weightDecay: notNegative.default(5e-4).describe('a number ≥ 0'),
  schedule: scheduleSchema
    .default({ name: 'cosine' })
    .describe('{ name: cosine } or { name: step, every: <epochs>, factor: <number> }'),
  warmupEpochs: notNegative.default(1).describe('a number ≥ 0 (epochs, may be a fraction)'),
  cropPadding: z.int().min(0).default(4).describe('a whole number ≥ 0 (pixels; 0: no random crop)'),
  horizontalFlip: z.boolean().default(true).describe('true or false'),
  augmentations: z.array(augmentationSchema).min(1).max(14).optional().describe(augmentationsText),
  labelSmoothing: notNegative.lt(1).optional().describe('a number in [0, 1) (share of a label for all classes)'),
  mixup: z.number().gt(0).max(1).optional().describe('a number in (0, 1] (α of Beta(α, α))'),
  cutmix: z.number().gt(0).max(1).optional().describe('a number in (0, 1] (α of Beta(α, α))'),
  checkpointEvery: count.default(100).describe('a whole number ≥ 1 (steps between two checkpoints)'),
});

const privacySchema = z.strictObject({
  noiseMultiplier: z.number().gt(0).describe('a number > 0 (σ of the noise, in units of maxGradNorm)'),
  maxGradNorm: z.number().gt(0).default(1).describe('a number > 0 (the gradient of each image is clipped to it)'),
  epochs: count.default(20).describe('a whole number ≥ 1'),
  batchSize: count.default(256).describe('a whole number ≥ 1 (images of a step, on average)'),
  learningRate: z.number().gt(0).default(0.1).describe('a number > 0'),
});

const suspectTrainingSchema = trainingSchema.extend({
  privacy: privacySchema.describe('{ noiseMultiplier: <number>, … } (DP-SGD of a last layer)'),
});

const markingNetworkSchema = z.strictObject({
  epochs: count.optional().describe('a whole number ≥ 1, or left out (as in training)'),
});

const suspectSchema = z.strictObject({
  architecture: changesTo(architectureSchema).prefault({}).describe('what differs in the network: name, stem, width'),
  training: changesTo(suspectTrainingSchema)
    .prefault({})
    .describe('what differs in the training: epochs, batchSize, …'),
  pretraining: changesTo(trainingSchema)
    .optional()
    .describe('what differs in the training, on the clean corpus, of the network that is fine-tuned: epochs, …'),
  distillation: z
    .strictObject({ temperature: z.number().gt(0).default(4).describe('a number > 0 (divides logits)') })
    .optional()
    .describe('{ temperature: <number> } (students that learn on the clean corpus from teachers)'),
});

const markingSchema = z.strictObject({
  markedFraction: z.number().gt(0).max(1).default(0.01).describe('a number in (0, 1]; 0.01 marks 1% of the images'),
  selection: z
    .enum(['random', 'hardest'])
    .default('hardest')
    .describe('"random" or "hardest" (highest loss under the marking network)'),
  versions: z
    .int()
    .min(2)
    .max(1000)
    .default(10)
    .describe('a whole number in 2..1000 (one is published, the others are decoys)'),
  carrierUnit: z.enum(['class', 'image']).default('image').describe('"class" or "image" (who shares a carrier)'),
  radius: count.max(255).default(8).describe('a whole number in 1..255 (L∞ bound, 8-bit levels)'),
  lambdaFeatureL2: notNegative.default(0.01).describe('a number ≥ 0'),
  lambdaImageL2: notNegative.default(5e-4).describe('a number ≥ 0'),
  optimizer: z.enum(['sgd', 'adam']).default('adam').describe('"sgd" or "adam"'),
  learningRate: z.number().gt(0).default(1).describe('a number > 0 (8-bit levels)'),
  steps: count.default(60).describe('a whole number ≥ 1'),
  cropPadding: z.int().min(0).default(4).describe('a whole number ≥ 0 (pixels; 0: no random crop)'),
  horizontalFlip: z.boolean().default(true).describe('true or false'),
  encode: z
    .string()
    .regex(/^(png|jpeg:([1-9][0-9]?|100))$/)
    .optional()
    .describe('"png" (as if left out) or "jpeg:" and a quality in 1..100 (the format of published marked images)'),
});

/** The suspect's network must be one that there is, and what is set for it be used. */
function checkSuspect(
  { architecture, layers, suspect }: Pick<Settings, 'architecture' | 'layers' | 'suspect'>,
  { addIssue }: z.RefinementCtx,
): void {
  const isSame = Object.keys(suspect.architecture).length === 0; // and was checked
  const problem = isSame ? undefined : misfit({ ...architecture, ...suspect.architecture });
  if (problem) addIssue({ code: 'custom', path: ['suspect', 'architecture', problem.field], message: problem.valid });
  if (suspect.distillation && suspect.training.labelSmoothing !== undefined) {
    const message = 'nothing, as with suspect.distillation no labels are learnt';
    addIssue({ code: 'custom', path: ['suspect', 'training', 'labelSmoothing'], message });
  }
  if (layers === 'all') {
    if (!suspect.training.privacy) return;
    const message = 'nothing, as only last layers are trained with privacy (layers: last)';
    addIssue({ code: 'custom', path: ['suspect', 'training', 'privacy'], message });
    return;
  }
  const { training, ...others } = suspect;
  const { weightDecay: _decay, privacy: _privacy, ...unused } = training;
  for (const [part, changes] of Object.entries({ ...others, training: unused })) {
    const [field] = Object.keys(changes);
    const message = 'nothing, as with layers: last only weightDecay and privacy of suspect.training can differ';
    if (field !== undefined) addIssue({ code: 'custom', path: ['suspect', part, field], message });
  }
}

export const settingsSchema = z
  .strictObject({
    seed: z.int().min(0).default(1).describe('a whole number ≥ 0, below 2⁵³ (each network gets its own seed from it)'),
    controls: count.max(100).default(1).describe('a whole number in 1..100 (clean models that an experiment judges)'),
    level: z.number().gt(0).lt(1).default(1e-4).describe('a number between 0 and 1 (detected means p below it)'),
    test: z
      .enum(['exact', 'anytime'])
      .default('exact')
      .describe('"exact" or "anytime" (which test decides; with anytime an endpoint is asked no more than needed)'),
    architecture: architectureSchema.prefault({}).describe('the settings of a network: name, stem, width'),
    layers: z
      .enum(['all', 'last'])
      .default('all')
      .describe('"all" or "last" (what suspect and control train: a network, or a last layer on the marking network)'),
    training: trainingSchema.prefault({}).describe('the settings of a training: epochs, batchSize, …'),
    markingNetwork: markingNetworkSchema.prefault({}).describe('what differs in the training of the marking network'),
    suspect: suspectSchema.prefault({}).describe('what suspect and controls do otherwise: architecture, training'),
    marking: markingSchema.prefault({}).describe('the settings of marking: markedFraction, versions, …'),
    beacon: z
      .string()
      .regex(beaconPattern)
      .optional()
      .describe(`${beaconText} (of a public source; it draws with the key)`),
  })
  .superRefine(checkSuspect);

/** Settings of an experiment; the seeds of its parts are derived from `seed`. */
export interface Settings {
  readonly seed: number;
  /** Clean models that an experiment trains and judges beside its suspect. */
  readonly controls: number;
  /** p-value below which the verdict is "detected". */
  readonly level: number;
  /** Which test decides. */
  readonly test: DecidingTest;
  readonly architecture: Architecture;
  /** What suspect and controls train: all of a network, or the last layer on the marking network's features. */
  readonly layers: 'all' | 'last';
  readonly training: Omit<TrainingSettings, 'seed'>;
  /** What differs in the training of the marking network. */
  readonly markingNetwork: { readonly epochs?: number };
  /** What suspect and controls do otherwise than the marking network, field by field. */
  readonly suspect: {
    readonly architecture: Partial<Architecture>;
    readonly training: Partial<Omit<TrainingSettings, 'seed'>> & {
      /** Where their last layers are trained by DP-SGD. */
      readonly privacy?: PrivacySettings;
    };
    /** Where they fine-tune a network: how its training on the clean corpus differs. */
    readonly pretraining?: Partial<Omit<TrainingSettings, 'seed'>>;
    /** Where they learn, on the clean corpus, from a teacher that is trained as suspect or control otherwise is. */
    readonly distillation?: { readonly temperature: number };
  };
  readonly marking: Omit<MarkingSettings, 'seed'>;
  /** A public value that draws the published versions with the key. */
  readonly beacon?: string | undefined;
}

/** Settings as a person writes them: whatever is left out has its default. */
export type SettingsInput = z.input<typeof settingsSchema>;
