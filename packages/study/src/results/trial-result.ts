import { fail, type Tasks, type NetworkSpec, PolytaskError } from '@polytask/core';
import { couplesOutputs, readSealed } from '@polytask/core/internal';
import { findMetric, metrics, type GroupArray } from '@polytask/metrics';
import { definedMetrics } from '@polytask/metrics/internal';
import { z } from 'zod';
import type { TaskPredictions } from '@polytask/training';
import { GUARDS } from '../guards/guards.ts';
import type { TrialParts } from '../models/parts.ts';

/** A number that may be NaN, such as the AUC of one class. In the file, null stands for NaN. */
export const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

const atLeast0 = measured.refine((value) => !(value < 0), 'expected a number, 0 or more, or null');
const count = z.int().min(0);

/** Metrics by task and name. A value outside of its metric's range was never measured. A metric that isn't defined here may have any. */
const scores = z.record(z.string(), z.record(z.string(), measured)).superRefine((tasks, context) => {
  for (const [task, values] of Object.entries(tasks)) {
    for (const [name, value] of Object.entries(values)) {
      const [least, most] = rangeOf(name);
      if (value < least - ROUNDING || value > most + ROUNDING) {
        const message = `expected a number from ${least} to ${most}, or null, received ${value}`;
        context.addIssue({ code: 'custom', path: [task, name], message });
      }
    }
  }
});

const ROUNDING = 1e-9;
const isKnown = (name: string) => Object.hasOwn(metrics, name) || definedMetrics().has(name);
const rangeOf = (name: string) => (isKnown(name) ? findMetric(name).range : ([-Infinity, Infinity] as const));

const matrix = z.array(z.array(z.number()));

/** The fusion weights of one level, as core's `fusionWeights` measures them. Experts are named `unit.index`. */
const fusionLevelSchema = z.object({
  outputs: z.array(z.string()),
  experts: z.array(z.string()),
  gated: matrix,
  gatedDeviation: matrix,
  constant: matrix,
  /**
   * By output, of the shares of |W|: the mean over rows of their entropy, in nats. Missing for a level that selects one expert for
   * each lane.
   */
  entropy: z.array(measured).optional(),
  /** By output: exp of the entropy of the mean shares. Missing where `entropy` is. */
  effectiveExperts: z.array(measured).optional(),
});

/** The work of a balancer in an epoch, as means over the steps. */
const balancingSchema = z.object({
  weights: z.record(z.string(), z.number()).optional(),
  gradients: z.object({ cosine: measured, magnitudeRatio: measured, conflicts: measured }).optional(),
});

const warningSchema = z.object({
  guard: z.enum(GUARDS),
  message: z.string(),
  /** The task of the numbers. Missing for a warning about the whole model. */
  task: z.string().optional(),
});

const sizeSchema = z.object({
  levels: z.array(z.int()).readonly(),
  experts: z.int(),
  tower: z.array(z.int()).readonly(),
  embedding: z.int(),
  start: z.enum(['small', 'pytorch']).optional(),
  members: z.int().optional(),
});

/** All that a trial's numbers depend on, except the seed and the machine. */
const trialConfigSchema = z.object({
  data: z.record(z.string(), z.unknown()).readonly(),
  training: z.object({
    epochs: z.int(),
    batchSize: z.int(),
    /** `find`: see the trial's `learningRate`. */
    learningRate: z.union([z.number(), z.literal('find')]),
    optimizer: z.string(),
    patience: z.int(),
    /** The measure that chooses epochs: `auc` or `normalizedLoss`. */
    selection: z.string(),
    /** How the biases of the heads start. Default: `random`. */
    headStart: z.enum(['random', 'base-rate']).optional(),
    schedule: z.enum(['constant', 'cosine']).optional(),
    trainingRows: z.int().optional(),
    teacher: z.number().optional(),
    /** A hash of the trained model that teaches, or of those of all seeds. Missing: gradient boosting teaches. */
    teacherModel: z.string().optional(),
    trainable: z.string().optional(),
    rates: z.string().optional(),
  }),
  size: sizeSchema,
  /** The budget that the models' widths are matched to. Missing without one. */
  match: z.object({ by: z.enum(['parameters', 'multiply-adds']), to: z.union([z.number(), z.string()]) }).optional(),
  /** The search that chose each model's hyper-parameters. Missing without one. */
  search: z.record(z.string(), z.unknown()).optional(),
  /**
   * The model: its declaration, the factor of its learning rate, its own size, the hyper-parameters that a search chose, and a hash of the
   * code of its components from outside. `from`: a hash of the trained model that it went on from.
   */
  model: z.object({
    network: z.unknown(),
    tower: z.unknown().optional(),
    input: z.unknown().optional(),
    selfAuxiliaries: z.unknown().optional(),
    members: z.int().optional(),
    rate: z.number(),
    balancing: z.unknown().optional(),
    size: sizeSchema.optional(),
    chosen: z.record(z.string(), z.unknown()).optional(),
    from: z.string().optional(),
    code: z.string().optional(),
  }),
});

const partsSchema: z.ZodType<TrialParts> = z.strictObject({
  model: z.string(),
  network: z.string().exactOptional(),
  expert: z.string().exactOptional(),
  gate: z.string().exactOptional(),
  balancer: z.string().exactOptional(),
});

/** A trial on the test rows: a line of results.jsonl. */
export const trialSchema = z.object({
  suite: z.string(),
  /** The title of the setting. Missing for a suite with one setting. */
  setting: z.string().optional(),
  model: z.string(),
  /** What `model` is printed from. */
  parts: partsSchema,
  seed: z.int(),
  /** The fold, of `config.data.folds`, whose rows are the test rows. Missing without folds. */
  fold: z.int().min(1).optional(),
  /** The metrics on the test rows, by task and metric. */
  metrics: scores,
  /**
   * By task, on the test rows: NE, log loss over the entropy of the class shares, or RMSE over the labels' deviation. 1 is as good as
   * predicting the base rate or the mean, 0 is perfect. Missing if it wasn't measured.
   */
  normalizedLosses: z.record(z.string(), atLeast0).optional(),
  /** The metrics of a constant prediction on the test rows: base rate, class shares or mean. Missing if they weren't measured. */
  constants: scores.optional(),
  /** The 95% intervals of the metrics over samples of test rows. */
  rowIntervals: z.record(z.string(), z.record(z.string(), z.object({ low: measured, high: measured }))).default({}),
  /** The metrics on the test rows whose features occur in no training row: `rows` of `of`. Missing for none or all rows. */
  unseen: z.object({ rows: count, of: count, metrics: scores }).optional(),
  /** By context: the metrics on the test rows with each of its values, null for a missing one. Missing without contexts. */
  byContext: z
    .record(z.string(), z.array(z.object({ value: z.string().nullable(), rows: count, metrics: scores })).readonly())
    .optional(),
  /** Whether the model shares layers between tasks. Missing if it isn't known: for an ensemble, and a model that was trained elsewhere. */
  sharesLayers: z.boolean().optional(),
  parameters: count,
  /** The multiply-adds of a forward pass of one row. Missing for a model that can't be traced. */
  multiplyAdds: count.optional(),
  /** The seconds of training, validation and test. They don't include the making of the data. */
  seconds: z.number().min(0),
  engine: z.string(),
  versions: z.record(z.string(), z.string()),
  /** The machine in one line. Missing if it isn't known. */
  machine: z.string().optional(),
  config: trialConfigSchema,
  /** The learning rate that a range test found. Missing for a training with a given rate. */
  learningRate: z.number().optional(),
  /** How many epochs ran. */
  epochs: count,
  /** The 1-based epoch whose weights were kept. */
  bestEpoch: count,
  /** Epoch by epoch: the mean training loss, the selection measure of each task, and the seconds. Published results have no seconds. */
  curve: z
    .array(z.object({ loss: measured, validation: z.record(z.string(), measured), seconds: z.number().min(0).optional() }))
    .default([]),
  /** The work of the balancer, epoch by epoch. Missing without a balancer. */
  balancing: z.array(balancingSchema).optional(),
  warnings: z.array(warningSchema).default([]),
  fusion: z.array(fusionLevelSchema),
});

/** The result of a trial: one training of one model with one seed. Without predictions, it is a line of results.jsonl. */
export interface TrialResult extends z.output<typeof trialSchema> {
  /** Only of a spec with `keepPredictions`, until a store has taken them. */
  readonly predictions?: TrialPredictions;
}

/** The schema of a score on the validation rows: what a search remembers of a configuration. */
const scoreSchema = z.object({
  measures: z.literal('validation'),
  /** The `scoreKey` of the trial. */
  key: z.string(),
  setting: z.string(),
  model: z.string(),
  /** The hyper-parameters that the search tried. */
  values: z.record(z.string(), z.unknown()),
  epochs: count,
  /** The best epoch's mean of the selection measure over tasks. NaN if the training failed. */
  score: measured,
  /** The seconds from the start of a search with a time limit to the end of this training. */
  elapsed: z.number().optional(),
});

/** The result of a trial on the validation rows. */
export type TrialScore = z.output<typeof scoreSchema>;

/** The result of a trial on the test rows, or on the validation rows. */
export type Result = TrialResult | TrialScore;

/** A failed trial. The other trials go on, and a later run repeats it. */
export interface Failure {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  /** The fold. Undefined without folds. */
  readonly fold?: number | undefined;
  readonly error: Error;
  /** How often the trial ran. */
  readonly attempts: number;
  /** The file with the error and the output of the process. Only with `out`. */
  readonly log?: string;
}

/** A result as JSON, such as the answer of a worker. */
export const resultSchema = z.union([scoreSchema, trialSchema]);

/** Whether a result is one on the validation rows. */
export const isScore = (result: Result): result is TrialScore => 'measures' in result;

/** The results on test rows. */
export const testedOf = (results: readonly Result[]): TrialResult[] =>
  results.filter((result): result is TrialResult => !isScore(result));

/**
 * The schemas of a line of results. An unknown key is refused, but for the one that finds the predictions of a trial. So nothing in a line
 * is ignored, and a damaged `sha256` isn't taken for a line without one.
 */
const lineSchemas = [trialSchema.extend({ key: z.string().optional() }).strict(), scoreSchema.strict()] as const;

/**
 * Reads a result from JSON. A line that ends with its sha256 must be as it was written.
 *
 * @param where the file and line, for errors
 * @throws PolytaskError when it is none, or was changed
 */
export async function parseResult(text: string, where: string): Promise<Result> {
  const fix = 'Mend or remove the line, or use another file.';
  const value = await readSealed(text, `a trial as JSON in ${where}`, fix);
  const result = lineSchemas[value?.['measures'] === 'validation' ? 1 : 0].safeParse(value);
  if (result.success) {
    if ('measures' in result.data) return result.data;
    const { key: _, ...trial } = result.data;
    return trial;
  }
  return fail({
    expected: `a trial in ${where}`,
    received: `something else (${z.prettifyError(result.error).replaceAll('\n', ' ')})`,
    fix,
  });
}

export type TrialSettings = TrialResult['config'];
export type FusionLevelWeights = z.output<typeof fusionLevelSchema>;

/** A number with at most `digits` decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The predictions of a trial, which metrics, calibrations and ensembles can be computed from without a training. */
export interface TrialPredictions {
  /** The tasks, with the scales of their labels. */
  readonly tasks: Tasks;
  /** Undefined for a model that was trained elsewhere and predicts the test rows alone. */
  readonly validation: PartPredictions | undefined;
  readonly test: PartPredictions;
}

/** The predictions on one part of the rows. */
export interface PartPredictions {
  /** The number of rows, those without a label included. */
  readonly size: number;
  /** By task, for each row with a label. */
  readonly byTask: Readonly<Record<string, TaskPredictions>>;
  /** The group of each row. Undefined without groups. */
  readonly groups: GroupArray | undefined;
}

/** Stores the predictions of finished trials by the trials' keys. */
export interface PredictionStore {
  /** The keys of the trials whose predictions are stored. */
  keys(): Promise<ReadonlySet<string>>;
  /** The predictions of a trial. @throws PolytaskError when there are none, or they can't be read */
  read(key: string): Promise<TrialPredictions>;
  /** Stores the predictions of a trial, and replaces older ones. */
  write(key: string, predictions: TrialPredictions): Promise<void>;
}

/**
 * Whether the outputs of the model of a trial depend on each other, as its stored network says: see `couplesOutputs`. Undefined for an
 * architecture that isn't imported.
 */
export function couplesOutputsOf({ config, metrics }: Pick<TrialResult, 'config' | 'metrics'>): boolean | undefined {
  const { network } = config.model;
  if (!isNetwork(network)) return undefined;
  try {
    return couplesOutputs(network, Object.keys(metrics));
  } catch (error) {
    if (error instanceof PolytaskError) return undefined;
    throw error;
  }
}

const isNetwork = (value: unknown): value is NetworkSpec =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'network';
