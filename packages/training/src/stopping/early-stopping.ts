import {
  custom,
  either,
  fail,
  flag,
  notNegative,
  oneOf,
  optional,
  positive,
  readOptions,
  record,
  shaped,
  sum,
  text,
  wholeNumber,
  type FromDescription,
  type Read,
  type ReadValue,
  type Written,
  suggestion,
  checkKnown,
} from '@polytask/components';
import { isBetter, type Direction } from '@polytask/metrics';
import type { MetricTable, TaskScores } from '../evaluation/metric-table.ts';

export interface StopperState {
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
  /** The values that an improvement must exceed: one value, or with `all` one value for each task. */
  readonly marks: readonly number[];
  /** The value of each voter after the first epoch. */
  readonly first: readonly number[];
  readonly waited: number;
}

const START: StopperState = { best: undefined, marks: [], first: [], waited: 0 };

export class Stopper {
  readonly #voters: readonly Voter[];

  constructor(
    private readonly stopping: EarlyStopping,
    table: MetricTable,
    public state: StopperState = START,
  ) {
    this.#voters = votersOf(stopping, table);
  }

  get exhausted(): boolean {
    const { patience } = this.stopping;
    return this.state.waited >= (patience === 'auto' ? LEAST_PATIENCE : patience);
  }

  /** Adds the scores of an epoch. Returns true for the best epoch so far. */
  update(epoch: number, scores: Readonly<Record<string, TaskScores>>): boolean {
    const { best, waited, marks: before } = this.state;
    const values = this.#voters.map(({ task, metric }) => (scores[task] as Readonly<Record<string, number>>)[metric]!);
    const first = this.state.first.length > 0 ? this.state.first : values;
    const all = this.stopping.over === 'all';
    const own = this.#voters[0]!.direction;
    const direction = all ? 'higher' : own === 'one' ? 'lower' : own; // means of ratios are means of their distances from 1
    const value = all ? this.#gain(values, first) : this.#mean(values);

    const won = best ? isBetter(direction, value, best.value) : !Number.isNaN(value);
    const contenders = all
      ? this.#voters.map((voter, i) => goodness(voter.direction, values[i]!))
      : [goodness(direction, value)];
    let improved = false;
    const marks = contenders.map((contender, i) => {
      const mark = before[i] ?? NaN;
      if (!isBetter('higher', contender, mark + this.stopping.minDelta)) return mark;
      improved = true;
      return contender;
    });
    this.state = { best: won ? { epoch, value } : best, marks, first, waited: improved ? 0 : waited + 1 };
    return won;
  }

  #mean(values: readonly number[]): number {
    const distance = (voter: Voter, i: number) => (voter.direction === 'one' ? Math.abs(values[i]! - 1) : values[i]!);
    return sum(this.#voters, (voter, i) => voter.share * distance(voter, i));
  }

  /** The mean over tasks of the relative gain on the first epoch (Δm of Maninis et al. 2019). */
  #gain(values: readonly number[], first: readonly number[]): number {
    return sum(this.#voters, ({ direction, share }, i) => {
      const base = goodness(direction, first[i]!);
      const difference = goodness(direction, values[i]!) - base;
      return share * (difference === 0 ? 0 : difference / Math.abs(base));
    });
  }
}

interface Voter {
  readonly task: string;
  readonly metric: string;
  readonly direction: Direction;
  readonly share: number;
}

export function votersOf(stopping: EarlyStopping, table: MetricTable): Voter[] {
  const { metric, over, weights } = stopping;
  const tasks = Object.keys(table);
  const checkTask = (task: string, where: string) => checkKnown(task, tasks, `a task of the model in ${where}`);
  if (typeof over === 'object') checkTask(over.task, 'earlyStopping.over');
  for (const task of Object.keys(weights ?? {})) checkTask(task, 'earlyStopping.weights');
  if (typeof metric === 'object') for (const task of Object.keys(metric)) checkTask(task, 'earlyStopping.metric');

  const deciding =
    typeof over === 'object' ? [over.task] : weights ? tasks.filter((task) => (weights[task] ?? 0) > 0) : tasks;
  const total = weights ? sum(deciding, (task) => weights[task]!) : deciding.length;
  const voters = deciding.map((task): Voter => {
    const name =
      (typeof metric === 'string' ? metric : metric[task]) ??
      fail({
        expected: `a metric for task "${task}" in earlyStopping.metric`,
        received: 'none',
        fix: "Name one for each task, or let one decide: over: { task: 'income' }.",
      });
    return { task, metric: name, direction: directionOf(task, name, table), share: (weights?.[task] ?? 1) / total };
  });
  const other = voters.find(({ direction }) => direction !== voters[0]!.direction);
  if (other && over !== 'all') {
    fail({
      expected: 'a mean of metrics that all point in one direction',
      received: `"${voters[0]!.metric}" (${voters[0]!.direction} is better) and "${other.metric}" (${other.direction})`,
      fix: "Pass over: 'all', or one metric for all tasks.",
    });
  }
  return voters;
}

function directionOf(task: string, metric: string, table: MetricTable): Direction {
  if (metric === 'loss' || metric === 'normalizedLoss') return 'lower';
  const metrics = table[task]!;
  if (Object.hasOwn(metrics, metric)) return metrics[metric]!.direction;
  return fail({
    expected: `a metric that task "${task}" is validated by, for early stopping`,
    received: `"${metric}"`,
    fix:
      `${suggestion(metric, ['normalizedLoss', 'loss', ...Object.keys(metrics)])} For tasks of different kinds pass ` +
      "metric: 'normalizedLoss', or metric: { income: 'auc', hours: 'rmse' } with over: 'all'.",
  });
}

/** The value of a metric as a number where more is better. NaN stays NaN. */
const goodness = (direction: Direction, value: number): number =>
  direction === 'higher' ? value : direction === 'lower' ? -value : -Math.abs(value - 1);

/** The length of a training. `fit` and the bench use it by default. */
export interface TrainingBudget {
  readonly batchSize: number;
  /** The maximal number of passes over the rows. Early stopping may end training before. */
  readonly epochs: number;
  /** The number of epochs without an improvement after which early stopping ends training. */
  readonly patience: number;
}

const STEPS_AN_EPOCH = 100;
const BATCH = { least: 32, most: 1024 };
const MOST_STEPS = 10_000;
const EPOCHS = { least: 10, most: 100 };
/** The number of steps without an improvement that early stopping waits for. */
const PATIENT_STEPS = 500;

/** Epochs of patience, when the number of steps in an epoch is unknown. */
export const LEAST_PATIENCE = 3;

/**
 * A training budget for a number of rows. Models learn by steps, so a small table gets small batches and many epochs.
 *
 * - An epoch has about 100 steps. The batch size is a power of two, from 32 to 1,024
 * - Training has at most 10,000 steps, in 10 to 100 epochs
 * - Early stopping waits 500 steps for an improvement, and at least 3 epochs
 *
 * @param rows the number of training rows
 * @example trainingBudget(12_000) // { batchSize: 128, epochs: 100, patience: 6 }
 */
export function trainingBudget(rows: number): TrainingBudget {
  const batchSize = batchSizeFor(rows);
  const steps = Math.max(1, Math.ceil(rows / batchSize));
  return { batchSize, epochs: epochsFor(steps), patience: patienceFor(steps) };
}

export const batchSizeFor = (rows: number): number =>
  within(2 ** Math.round(Math.log2(Math.max(1, rows / STEPS_AN_EPOCH))), BATCH);

/** @param steps the number of steps in an epoch */
export const epochsFor = (steps: number): number => within(Math.ceil(MOST_STEPS / steps), EPOCHS);

export const patienceFor = (steps: number): number => Math.max(LEAST_PATIENCE, Math.ceil(PATIENT_STEPS / steps));

const within = (value: number, { least, most }: { readonly least: number; readonly most: number }): number =>
  Math.min(most, Math.max(least, value));

const deciding = either(
  oneOf('mean', 'weighted', 'all'),
  shaped({
    /** The task that decides alone. */
    task: text,
  }),
);

export type Deciding = ReadValue<typeof deciding>;

const epochs = wholeNumber(1);
const patience = custom<number>(
  (value, where) => (value === Infinity ? value : epochs.read(value, where)),
  epochs.shape,
);

const description = {
  /**
   * A key of the validation scores, for all tasks or by task. The metric itself says whether more or less is better. `normalizedLoss`
   * can be compared between tasks of different kinds and units.
   */
  metric: optional(either(text, record(text)), 'normalizedLoss'),
  /**
   * The number of epochs without an improvement after which training stops. `auto`: 500 steps, and at least 3 epochs. `Infinity` never
   * stops, and only chooses the best epoch.
   */
  patience: optional(either(patience, oneOf('auto')), 'auto'),
  /** The least change that counts as an improvement. */
  minDelta: optional(notNegative, 0),
  /**
   * - `mean`: the mean of the metric over tasks; of `calibration`, the mean distance from 1
   * - `weighted`: the mean weighted by `weights`
   * - `all`: training continues while any task improves. The best epoch has the greatest mean relative gain over the first
   *   epoch, so the tasks may have different metrics (`metric: { income: 'auc', hours: 'rmse' }`)
   * - `{ task: 'income' }`: this task alone
   */
  over: optional(deciding, 'mean'),
  /** The weights by task, for `weighted`. A task without a weight doesn't count. */
  weights: optional(record(notNegative)),
  /** Whether the model gets the weights and running statistics of the best epoch at the end. */
  restoreBest: optional(flag, true),
};

export interface EarlyStoppingOptions extends Written<typeof description>, FromDescription {}

export interface EarlyStopping extends Read<typeof description>, FromDescription {}

/**
 * Early stopping by the validation scores of several tasks. It also chooses the best epoch, whose weights the model keeps.
 *
 * @throws PolytaskError when an option is unknown or out of range. `fit` throws when the model lacks a task or a metric
 * @example earlyStopping({ metric: 'auc', patience: 2 })
 * @example earlyStopping({ metric: { income: 'auc', hours: 'rmse' }, over: 'all' })
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const read = readOptions(options, description, 'earlyStopping');
  const { over, weights } = read;
  if ((over === 'weighted') !== (weights !== undefined)) {
    fail({
      expected: "weights together with over: 'weighted'",
      received: weights ? `weights and over: ${JSON.stringify(over)}` : "over: 'weighted' alone",
      fix: "Pass both: earlyStopping({ metric: 'auc', over: 'weighted', weights: { income: 2, married: 1 } }).",
    });
  }
  if (weights) positive.read(sum(Object.values(weights)), 'the sum of earlyStopping.weights');
  return read;
}
