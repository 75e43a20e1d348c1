import { z } from 'zod';

/** JSON has no NaN: a metric that isn't defined (one class among the labels) is null in the file. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

/** What a balancer did in an epoch: means over its steps. */
const balancingSchema = z.object({
  weights: z.record(z.string(), z.number()).optional(),
  gradients: z.object({ cosine: measured, magnitudeRatio: measured, conflicts: measured }).optional(),
});

const matrix = z.array(z.array(z.number()));

/** The fusion weights of one level, as core's `fusionWeights` measures them; experts as `unit.index`. */
const fusionLevelSchema = z.object({
  outputs: z.array(z.string()),
  experts: z.array(z.string()),
  gated: matrix,
  gatedDeviation: matrix,
  constant: matrix,
});

/** Everything that a trial's numbers depend on, but for its seed and the machine. */
const trialConfigSchema = z.object({
  data: z.record(z.string(), z.unknown()).readonly(),
  training: z.object({
    epochs: z.int(),
    batchSize: z.int(),
    learningRate: z.number(),
    optimizer: z.string(),
    patience: z.int(),
    selection: z.string(),
  }),
  size: z.object({
    levels: z.array(z.int()).readonly(),
    experts: z.int(),
    tower: z.array(z.int()).readonly(),
    embedding: z.int(),
  }),
  /** The declaration, how many times the learning rate it takes, and the balancer, if it isn't the plain sum. */
  model: z.object({
    network: z.unknown(),
    tower: z.unknown().optional(),
    input: z.unknown().optional(),
    rate: z.number(),
    balancing: z.unknown().optional(),
  }),
});

/** A line of results.jsonl. */
export const trialSchema = z.object({
  suite: z.string(),
  model: z.string(),
  seed: z.int(),
  /** Of the test rows, by task and metric. */
  metrics: z.record(z.string(), z.record(z.string(), measured)),
  parameters: z.int(),
  /** Training with its validations, and the reading of the test rows; not the making of the data. */
  seconds: z.number(),
  engine: z.string(),
  versions: z.record(z.string(), z.string()),
  config: trialConfigSchema,
  /** Epochs that were run, and the one whose weights were kept. */
  epochs: z.int(),
  bestEpoch: z.int(),
  fusion: z.array(fusionLevelSchema),
  /** Epoch by epoch, with a balancer alone. */
  balancing: z.array(balancingSchema).optional(),
});

/** One training of one model with one seed, measured on the test rows. */
export type Trial = z.output<typeof trialSchema>;
export type TrialConfig = Trial['config'];
export type FusionLevel = z.output<typeof fusionLevelSchema>;
