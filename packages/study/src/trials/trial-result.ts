import { z } from 'zod';
import { GUARDS } from '../guards/warning.ts';

/** JSON has no NaN: a metric that isn't defined (one class among the labels) is null in the file. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

const matrix = z.array(z.array(z.number()));

/** The fusion weights of one level, as core's `fusionWeights` measures them; experts as `unit.index`. */
const fusionLevelSchema = z.object({
  outputs: z.array(z.string()),
  experts: z.array(z.string()),
  gated: matrix,
  gatedDeviation: matrix,
  constant: matrix,
  /**
   * Of |W|, by output: the mean over rows of the entropy of their shares, in nats, and exp of the entropy of the mean
   * shares. Left out where W is a fixed choice of one expert a lane.
   */
  entropy: z.array(measured).optional(),
  effectiveExperts: z.array(measured).optional(),
});

/** What a balancer did in an epoch: means over its steps. */
const balancingSchema = z.object({
  weights: z.record(z.string(), z.number()).optional(),
  gradients: z.object({ cosine: measured, magnitudeRatio: measured, conflicts: measured }).optional(),
});

const warningSchema = z.object({
  guard: z.enum(GUARDS),
  message: z.string(),
  /** The task whose numbers it concerns; left out where it concerns the whole model. */
  task: z.string().optional(),
});

const sizeSchema = z.object({
  levels: z.array(z.int()).readonly(),
  experts: z.int(),
  tower: z.array(z.int()).readonly(),
  embedding: z.int(),
  start: z.enum(['small', 'pytorch']).optional(),
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
    /** What epochs are picked by: `auc`, `relativeError`, or, in older results, `loss`. */
    selection: z.string(),
    /** What the bias of each task's head starts from; left out in older results, where it was `random`. */
    headStart: z.enum(['random', 'base-rate']).optional(),
  }),
  size: sizeSchema,
  /** What the widths of the models are matched by, where they are. */
  match: z.object({ by: z.enum(['parameters', 'multiply-adds']), to: z.union([z.number(), z.string()]) }).optional(),
  /** How hyper-parameters were chosen for each model, where they were. */
  search: z.record(z.string(), z.unknown()).optional(),
  /** The declaration, how many times the learning rate it takes, its size where that isn't the table's, and what a search chose. */
  model: z.object({
    network: z.unknown(),
    tower: z.unknown().optional(),
    input: z.unknown().optional(),
    selfAuxiliaries: z.unknown().optional(),
    rate: z.number(),
    balancing: z.unknown().optional(),
    size: sizeSchema.optional(),
    chosen: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A line of results.jsonl. */
export const trialSchema = z.object({
  suite: z.string(),
  /** Which of the suite's tables it belongs to, where it has several. */
  setting: z.string().optional(),
  model: z.string(),
  seed: z.int(),
  /** Of the test rows, by task and metric. */
  metrics: z.record(z.string(), z.record(z.string(), measured)),
  /**
   * Of the test rows, by task: NE, log loss over the entropy of the class shares, or RMSE over the labels' deviation. 1 is no
   * better than predicting the base rate or the mean, 0 is perfect. Left out in older results.
   */
  relativeErrors: z.record(z.string(), measured).optional(),
  /** The interval of a single run's AUC over samples of test rows (DeLong); nothing for other metrics. */
  rowIntervals: z.record(z.string(), z.record(z.string(), z.object({ low: measured, high: measured }))).default({}),
  /** On the test rows whose features occur in no training row, `rows` of `of`; left out where none or all are like that. */
  unseen: z
    .object({ rows: z.int(), of: z.int(), metrics: z.record(z.string(), z.record(z.string(), measured)) })
    .optional(),
  parameters: z.int(),
  /** Of a forward pass of one row; unknown where the model can't be traced. */
  multiplyAdds: z.int().optional(),
  /** Training with its validations, and the reading of the test rows; not the making of the data. */
  seconds: z.number(),
  engine: z.string(),
  versions: z.record(z.string(), z.string()),
  /** That it was run on, in a line; unknown of trials from before it was written. */
  machine: z.string().optional(),
  config: trialConfigSchema,
  /** Epochs that were run, and the one whose weights were kept. */
  epochs: z.int(),
  bestEpoch: z.int(),
  /** Epoch by epoch: mean training loss, what the epoch was picked by for each task, seconds. */
  curve: z
    .array(z.object({ loss: measured, validation: z.record(z.string(), measured), seconds: z.number() }))
    .default([]),
  /** Epoch by epoch, with a balancer alone. */
  balancing: z.array(balancingSchema).optional(),
  warnings: z.array(warningSchema).default([]),
  fusion: z.array(fusionLevelSchema),
});

/** One training of one model with one seed, measured on the test rows: a line of results.jsonl. */
export type TrialResult = z.output<typeof trialSchema>;
export type TrialConfig = TrialResult['config'];
export type FusionLevel = z.output<typeof fusionLevelSchema>;

/** A number as results have it: with at most so many decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
