import {
  anyFinding,
  fail,
  isObject,
  type Option,
  PolytaskError,
  type Read,
  readDocument,
  type ReadValue,
} from '@polytask/components';
import { checks, couplesOutputs, type NetworkSpec, readSealed, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { metricNamed } from '@polytask/metrics/internal';
import type { TaskPredictions } from '@polytask/training';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { matchOptions } from '../budgets/budget.ts';
import { trialParts } from '../models/model-variant.ts';
import { modelSize } from '../models/models.ts';
import { trainingDefaults, tunedIn } from '../training/choices.ts';

const { anything, custom, flag, listOf, notNegative, number, oneOf, optional, record, shaped, string, wholeNumber } =
  checks;

/** A number that may be NaN, such as the AUC of one class. In the file, null stands for NaN. */
const orNull = (of: Option<number>): Option<number> =>
  custom((value, where) => (value === null ? NaN : of.read(value, where)), of.shape);
export const measured = orNull(number());
const atLeast0 = orNull(notNegative);

/** Metrics by task and name. A value outside of its metric's range was never measured. A metric that isn't defined here may have any. */
const scores = record(
  custom<Readonly<Record<string, number>>>((values, where) => {
    const byName = record(measured).read(values, where);
    for (const [name, value] of Object.entries(byName)) {
      const [least, most] = rangeOf(name);
      if (value < least - ROUNDING || value > most + ROUNDING) {
        const expected = `a number from ${least} to ${most}, or null, for ${where}.${name}`;
        fail({ expected, received: String(value), fix: 'Measure it again.' });
      }
    }
    return byName;
  }),
);

const ROUNDING = 1e-9;
const rangeOf = (name: string) => metricNamed(name)?.range ?? ([-Infinity, Infinity] as const);

const matrix = listOf(listOf(number()));
const nullable = custom<string | null>((value, where) => (value === null ? null : string.read(value, where)));

/** The fusion weights of one level, as core's `fusionWeights` measures them. Experts are named `unit.index`. */
const fusionLevel = shaped({
  outputs: listOf(string),
  experts: listOf(string),
  gated: matrix,
  gatedDeviation: matrix,
  constant: matrix,
  /**
   * By output, of the shares of |W|: the mean over rows of their entropy, in nats. Missing for a level that selects one expert for
   * each lane.
   */
  entropy: optional(listOf(measured)),
  /** By output: exp of the entropy of the mean shares. Missing where `entropy` is. */
  effectiveExperts: optional(listOf(measured)),
});

/** The work of a balancer in an epoch, as means over the steps. */
const balancing = shaped({
  weights: optional(record(number())),
  gradients: optional(shaped({ cosine: measured, magnitudeRatio: measured, conflicts: measured })),
});

/** All that a trial's numbers depend on, except the seed and the machine. */
const trialConfig = shaped({
  data: record(anything),
  training: shaped({
    ...trainingDefaults,
    optimizer: shaped({ kind: oneOf('optimizer'), name: string, config: record(anything) }), // it may not be defined here
    /** The measure that chooses epochs: `auc` or `normalizedLoss`. */
    selection: string,
  }),
  size: shaped(modelSize),
  /** The budget that the models' widths are matched to. Missing without one. */
  match: optional(shaped(matchOptions)),
  /** The search that chose each model's hyper-parameters. Missing without one. */
  search: optional(record(anything)),
  /**
   * The model: its declaration, the factor of its learning rate, its own size, the hyper-parameters that a search chose, and a hash of the
   * code of its components from outside. `from`: a hash of the trained model that it went on from.
   */
  model: shaped({
    network: optional(anything),
    tower: optional(anything),
    input: optional(anything),
    selfAuxiliaries: optional(anything),
    members: optional(wholeNumber()),
    rate: number(),
    balancing: optional(anything),
    size: optional(shaped(modelSize)),
    chosen: optional(record(anything)),
    from: optional(string),
    code: optional(string),
  }),
});

/** A trial on the test rows: a line of results.jsonl. */
export const trialDocument = {
  suite: string,
  /** The title of the setting. Missing for a suite with one setting. */
  setting: optional(string),
  model: string,
  /** What `model` is printed from. */
  parts: shaped(trialParts),
  seed: wholeNumber(),
  /** The fold, of `config.data.folds`, whose rows are the test rows. Missing without folds. */
  fold: optional(wholeNumber(1)),
  /** The metrics on the test rows, by task and metric. */
  metrics: scores,
  /**
   * By task, on the test rows: NE, log loss over the entropy of the class shares, or RMSE over the labels' deviation. 1 is as good as
   * predicting the base rate or the mean, 0 is perfect. Missing if it wasn't measured.
   */
  normalizedLosses: optional(record(atLeast0)),
  /** The metrics of a constant prediction on the test rows: base rate, class shares or mean. Missing if they weren't measured. */
  constants: optional(scores),
  /** The 95% intervals of the metrics over samples of test rows. */
  rowIntervals: optional(record(record(shaped({ low: measured, high: measured }))), {}),
  /** The metrics on the test rows whose features occur in no training row: `rows` of `of`. Missing for none or all rows. */
  unseen: optional(shaped({ rows: wholeNumber(), of: wholeNumber(), metrics: scores })),
  /** The metrics of the same model with a random split in place of one `by` time or a column. Missing if it wasn't trained. */
  randomSplit: optional(shaped({ by: string, metrics: scores })),
  /** By context: the metrics on the test rows with each of its values, null for a missing one. Missing without contexts. */
  byContext: optional(record(listOf(shaped({ value: nullable, rows: wholeNumber(), metrics: scores })))),
  /** Whether the model shares layers between tasks. Missing if it isn't known: for an ensemble, and a model that was trained elsewhere. */
  sharesLayers: optional(flag),
  parameters: wholeNumber(),
  /** The multiply-adds of a forward pass of one row. Missing for trees, and for a model that can't be traced. */
  multiplyAdds: optional(wholeNumber()),
  /** The seconds of training, validation and test. They don't include the making of the data. */
  seconds: notNegative,
  engine: string,
  versions: record(string),
  /** The machine in one line. Missing if it isn't known. */
  machine: optional(string),
  config: trialConfig,
  /** The learning rate that a range test found. Missing for a training with a given rate. */
  learningRate: optional(number()),
  /** How many epochs ran. */
  epochs: wholeNumber(),
  /** The 1-based epoch whose weights were kept. */
  bestEpoch: wholeNumber(),
  /** Epoch by epoch: the mean training loss, the selection measure of each task, and the seconds. Published results have no seconds. */
  curve: optional(listOf(shaped({ loss: measured, validation: record(measured), seconds: optional(notNegative) })), []),
  /** The work of the balancer, epoch by epoch. Missing without a balancer. */
  balancing: optional(listOf(balancing)),
  warnings: optional(listOf(anyFinding), []),
  fusion: listOf(fusionLevel),
};

/** The result of a trial: one training of one model with one seed. Without predictions, it is a line of results.jsonl. */
export interface TrialResult extends Read<typeof trialDocument> {
  /** Only of a spec with `keepPredictions`, until a store has taken them. */
  readonly predictions?: TrialPredictions;
}

/** A score on the validation rows: what a search remembers of a configuration. */
const score = shaped({
  measures: oneOf('validation'),
  /** The `scoreKey` of the trial. */
  key: string,
  setting: string,
  model: string,
  /** The hyper-parameters that the search tried. */
  values: record(anything),
  epochs: wholeNumber(),
  /** The best epoch's mean of the selection measure over tasks. NaN if the training failed. */
  score: measured,
  /** The seconds from the start of a search with a time limit to the end of this training. */
  elapsed: optional(number()),
});

/** The result of a trial on the validation rows. */
export type TrialScore = ReadValue<typeof score>;

/** The result of a trial on the test rows, or on the validation rows. */
export type Result = TrialResult | TrialScore;

/** A failed trial. The other trials go on, and a later run repeats it. */
export interface Failure {
  readonly setting: string;
  readonly model: string;
  readonly seed: number;
  readonly fold?: number | undefined;
  readonly error: Error;
  /** How often the trial ran. */
  readonly attempts: number;
  /** The file with the error and the output of the process. Only with `out`. */
  readonly log?: string;
}

/** A result as JSON, such as the answer of a worker. The key of a stored trial finds its predictions. */
export const resultDocument = custom<Result>((value, where) => {
  if (Object.hasOwn(Object(value) as object, 'measures')) return score.read(value, where);
  const { key: _, ...result } = shaped({ ...trialDocument, key: optional(string) }).read(value, where);
  return result;
});

/** Whether a result is one on the validation rows. */
export const isScore = (result: Result): result is TrialScore => 'measures' in result;

export const testedOf = (results: readonly Result[]): TrialResult[] =>
  results.filter((result): result is TrialResult => !isScore(result));

/**
 * Reads a result from JSON. A line that ends with its sha256 must be as it was written.
 *
 * @param where the file and line, for errors
 * @throws PolytaskError when it is none, or was changed
 */
export async function parseResult(text: string, where: string): Promise<Result> {
  const fix = 'Fix or remove the line, or use another file.';
  const value = await readSealed(text, `a trial as JSON in ${where}`, fix);
  return readDocument(resultDocument, value, `A trial in ${where}`, fix);
}

export type TrialConfig = TrialResult['config'];
export type FusionLevelWeights = ReadValue<typeof fusionLevel>;

/** A number with at most `digits` decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The predictions of a trial, which metrics, calibrations and ensembles can be computed from without a training. */
export interface TrialPredictions {
  readonly tasks: Tasks;
  /** Undefined for a model that was trained elsewhere and predicts the test rows alone. */
  readonly validation: PartPredictions | undefined;
  readonly test: PartPredictions;
}

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
  keys(): Promise<ReadonlySet<string>>;
  /** The predictions of a trial. @throws PolytaskError when there are none, or they can't be read */
  read(key: string): Promise<TrialPredictions>;
  write(key: string, predictions: TrialPredictions): Promise<void>;
}

/** Whether the outputs of a trial's model depend on each other: see `couplesOutputs`. Undefined for an architecture that isn't imported. */
export function couplesOutputsOf({ config, metrics }: Pick<TrialResult, 'config' | 'metrics'>): boolean | undefined {
  const { network } = config.model;
  if (!isObject(network) || network['kind'] !== 'network') return undefined;
  try {
    return couplesOutputs(network as unknown as NetworkSpec, Object.keys(metrics));
  } catch (error) {
    if (error instanceof PolytaskError) return undefined;
    throw error;
  }
}

/** The identity of a trial, known before it runs. */
export type TrialIdentity = Pick<TrialResult, 'suite' | 'model' | 'seed' | 'fold' | 'engine' | 'config'>;

/** A hash of a trial's suite, model, seed, fold, engine and whole configuration. Equal trials have equal keys. */
export const trialKey = ({ suite, model, seed, fold, engine, config }: TrialIdentity): string =>
  contentKey({ suite, model, seed, fold, engine, config });

/** A hash of all that the trials of one table share: suite, engine and configuration, without model and seed. */
export function settingKey({ suite, engine, config }: SettingIdentity): string {
  const { data, training, size, match, search } = config;
  return contentKey({ suite, engine, data, training, size, match, search });
}

/** What the trials of a table have in common. */
export type SettingIdentity = Pick<TrialResult, 'suite' | 'engine'> & { readonly config: Omit<TrialConfig, 'model'> };

/** What a trial does, whatever its suite and model are called. */
export type Work = Pick<TrialIdentity, 'seed' | 'fold' | 'engine' | 'config'>;

/** A hash of a trial's work: rows, training, seed, fold, engine, and the model as it was built, whatever it is called. */
export function workKey({ seed, fold, engine, config }: Work): string {
  const { chosen: _, size: __, ...model } = config.model;
  return contentKey({ seed, fold, engine, data: config.data, training: trainingOf(config), model });
}

/** A hash of all that a score on the validation rows depends on. Searches of several tables share the score of equal work. */
export const scoreKey = (trial: Work & { readonly mode: string }): string => contentKey([workKey(trial), trial.mode]);

/** The place of a trial in a store: each table has its own line. @param setting the table's title @param key the trial's `trialKey` */
export const lineOf = (setting: string, key: string): string => contentKey([setting, key]);

/** A trial that is planned: its result will have this place. */
type PlannedResult = TrialIdentity & {
  readonly measures: 'validation' | 'test';
  readonly key: string;
  readonly setting: string;
};

/** The place of a result in a store. A table has its own line of each trial; a score belongs to all tables that try the configuration. */
export function placeOf(result: Result | PlannedResult): string {
  if ('measures' in result && result.measures === 'validation') return result.key;
  return lineOf(result.setting ?? '', trialKey(result as TrialResult));
}

/** The results without repetitions: of several with one {@link placeOf} the last one, at the position of the first. */
export const lastOfEach = <R extends Result>(results: readonly R[]): R[] => [
  ...new Map(results.map((result) => [placeOf(result), result])).values(),
];

/** The training of a trial: that of its setting, with the hyper-parameters that a search chose. */
export function trainingOf({ training, model: { chosen = {} } }: TrialConfig): TrialConfig['training'] {
  return { ...training, ...tunedIn(chosen) } as TrialConfig['training'];
}

/** A hash of plain data: the first 16 hexadecimal digits of SHA-256. The order of keys does not matter. */
export const contentKey = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify(value, sortedKeys)))).slice(0, 16);

const sortedKeys = (_: string, value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
