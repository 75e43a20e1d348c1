import {
  anything,
  component,
  custom,
  either,
  flag,
  isObject,
  listOf,
  number,
  objectAt,
  oneOf,
  optional,
  record,
  shaped,
  string,
  text,
  wholeNumber,
  fail,
  shown,
  type FromDescription,
  type Option,
  type Read,
  type Written,
} from '@polytask/components';
import type { BalancerSpec } from '@polytask/balancing';
import { type Tasks, predictionTypeOf, type MultiTaskModel, groupedTasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import { type EngineChoice, chooseEngine } from '../engines/choose-engine.ts';
import { adam } from '../optimizers/adam.ts';
import { type OptimizerSpec, clipOptions, createOptimizer } from '../optimizers/optimizer.ts';
import type { EpochReport, StepReport } from '../progress/reports.ts';
import {
  type EarlyStopping,
  batchSizeFor,
  epochsFor,
  LEAST_PATIENCE,
  patienceFor,
  votersOf,
} from '../stopping/early-stopping.ts';
import { type RowSource, haveGroups, stepsIn, type BatchSettings } from '../rows/rows.ts';
import { checkExamples } from '../evaluation/check-examples.ts';
import { checkGroups, DEFAULT_BATCH, type Measurement } from '../evaluation/measure.ts';
import { metricTable, type DefaultMetrics, type MetricChoice } from '../evaluation/metric-table.ts';
import type { Engine, Recipe } from '../engine.ts';
import { learningRateAt, type Clock } from '../schedules/schedules.ts';

export interface Plan extends Pick<
  GivenOptions,
  'validation' | 'stopping' | 'signal' | 'checkpoint' | 'resume' | 'checkEvery' | 'callbacks'
> {
  readonly model: MultiTaskModel;
  readonly train: RowSource;
  readonly epochs: number;
  readonly batches: BatchSettings;
  readonly stepsPerEpoch: number | undefined;
  /** The clock of a step, for schedules. @throws PolytaskError when a schedule needs the unknown length of an epoch */
  clock(step: number): Clock;
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly measurement: Measurement;
}

export async function planOf(model: MultiTaskModel, train: RowSource, options: GivenOptions): Promise<Plan> {
  const { optimizer, tableOptimizer, clip, balancing, validation, validationGroups: groups, signal } = options;
  const { tasks } = model.schema;
  checkExamples(model, train, 'the training rows');
  checkClasses(tasks);
  if (createOptimizer(optimizer).perRow) {
    fail({
      expected: 'an optimizer for all parameters',
      received: `${optimizer.name}, which trains tables alone`,
      fix: 'Pass it as tableOptimizer, beside optimizer: adam(1e-3).',
    });
  }
  if (tableOptimizer && model.store.tables().length === 0)
    needs('a table with sparse updates for tableOptimizer', "Build the model with embed({ update: 'sparse' }).");
  if (balancing) (await import('../balancing/train-balanced.ts')).balancerFor(model, balancing);

  if (validation) checkExamples(model, validation, 'the validation rows');
  else if (options.stopping) needs('validation rows for early stopping', 'Pass { validation, stopping }.');
  else if (groups) needs('validation rows beside their groups', 'Pass { validation, validationGroups }.');
  if (validation?.size !== undefined) checkGroups(groups, validation.size);
  const inGroups = groups !== undefined || (validation !== undefined && haveGroups(validation, tasks));
  const metrics = metricTable(tasks, options.metrics, inGroups);
  if (options.stopping) votersOf(options.stopping, metrics);
  if (options.resume === true && !options.checkpoint)
    needs('a checkpoint directory to resume from', 'Pass checkpoint: { directory }.');

  const grouped = groupedTasks(tasks);
  if (grouped.length > 0) {
    const { checkRowGroups } = await import('../rows/group-batches.ts');
    const task = tasks[grouped[0]!]!;
    checkRowGroups(train, task, 'the training rows');
    if (validation) checkRowGroups(validation, task, 'the validation rows');
  }
  const { batchSize = train.size === undefined ? STREAM_BATCH : batchSizeFor(train.size) } = options;
  const { dropLast, shuffle, shuffleBuffer, seed = model.config.seed } = options;
  const batches = { batchSize, dropLast, shuffle, shuffleBuffer, seed, grouped };
  const stepsPerEpoch = stepsIn(train, batches);
  const stopping = options.stopping && withPatience(options.stopping, stepsPerEpoch);
  const { epochs = stopping && stepsPerEpoch !== undefined ? epochsFor(stepsPerEpoch) : EPOCHS } = options;
  const clock = clockOf(stepsPerEpoch);
  for (const each of [optimizer, tableOptimizer]) if (each) learningRateAt(each.config.learningRate, clock(0));
  if (stepsPerEpoch === 0) {
    fail({
      expected: `${batchSize} training rows or more with dropLast`,
      received: String(train.size),
      fix: 'Lower batchSize.',
    });
  }
  return {
    ...options,
    ...{ model, train, epochs, batches, stepsPerEpoch, clock, stopping, engine: chooseEngine(options.engine) },
    recipe: { optimizer, ...(tableOptimizer && { tableOptimizer }), clip, ...(balancing && { balancing }) },
    measurement: { metrics, groups, batchSize: DEFAULT_BATCH, signal },
  };
}

const EPOCHS = 10;
const STREAM_BATCH = 256;

const withPatience = (stopping: EarlyStopping, stepsPerEpoch: number | undefined): EarlyStopping =>
  stopping.patience === 'auto'
    ? { ...stopping, patience: stepsPerEpoch === undefined ? LEAST_PATIENCE : patienceFor(stepsPerEpoch) }
    : stopping;

function checkClasses(tasks: Tasks): void {
  for (const [name, task] of Object.entries(tasks)) {
    const rate = predictionTypeOf(task).hasDecision ? task.fitted?.rate : undefined;
    if (rate !== 0 && rate !== 1) continue;
    fail({
      expected: `training rows of both classes for task "${name}"`,
      received: `labels that all mean ${rate === 0 ? 'no' : 'yes'}`,
      fix: 'Look at `positive` and at the split, or leave the task out.',
    });
  }
}

const clockOf =
  (stepsPerEpoch: number | undefined) =>
  (step: number): Clock => ({
    step,
    get stepsPerEpoch() {
      return (
        stepsPerEpoch ??
        needs(
          'to know how many rows an epoch has, for a schedule in epochs',
          'Give the stream its size, or the schedule { steps }.',
        )
      );
    },
  });

const needs = (expected: string, fix: string): never => fail({ expected, received: 'none', fix });

/** `'stop'` ends the training. Any other value continues. */
export type CallbackAnswer = 'stop' | void | Promise<'stop' | void>;

/** Functions that `fit` calls and awaits. An error in a callback ends the training, and `fit` throws this error. */
export interface FitCallbacks<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /** Called after each step. `'stop'` ends the epoch, which is validated and reported as the last epoch. */
  onStep?: ((report: StepReport<T>) => CallbackAnswer) | undefined;
  /** Called after each epoch, before its checkpoint is written. `'stop'` makes the epoch the last. */
  onEpochEnd?: ((report: EpochReport<T, M, G>) => CallbackAnswer) | undefined;
}

const checkpointOptions = {
  /** The directory of the checkpoints. Each checkpoint is a folder, such as `step-00000120`. */
  directory: text,
  /** The number of steps between two checkpoints. Without it, checkpoints are written after epochs. */
  everySteps: optional(wholeNumber(1)),
  /** The number of epochs between two checkpoints. Default 1 without `everySteps`. The end of training writes one, too. */
  everyEpochs: optional(wholeNumber(1)),
  /** The number of checkpoints to keep. Older checkpoints are removed after a complete write. */
  keep: optional(wholeNumber(1), 1),
  /** A hash of the program's code that the run depends on, such as its own optimizers. A checkpoint with another hash isn't resumed. */
  code: optional(string),
};

export interface CheckpointOptions extends Written<typeof checkpointOptions>, FromDescription {}

const factor = custom<number>(
  (value, where) => {
    if (typeof value === 'number' && value > 0 && value < Infinity) return;
    const fix = 'Pass 0.1, say. To freeze parameters, leave them out of trainable.';
    fail({ expected: `a factor above 0 for ${where}`, received: shown(value), fix });
  },
  { number: { above: 0 } },
);

const early = custom<EarlyStopping>((value, where) => {
  if (!isObject(value) || !('patience' in value)) oneOf("earlyStopping({ metric: 'auc' })").read(value, where);
});

const callbackList = custom<readonly FitCallbacks[]>((value, where) => {
  const list = [value].flat();
  for (const each of list) objectAt(each, where);
  return list as FitCallbacks[];
});

export const stepOptions = {
  /** Rows in a step. Default: 32 to 1,024, so that an epoch has about 100 steps. For a stream without a size: 256. */
  batchSize: optional(wholeNumber(1)),
  /** The seed of the orders. Default: the seed of the model. */
  seed: optional(number({ whole: true })),
  /** Bounds on the gradients. Without it, there are none. */
  clip: optional(shaped(clipOptions), {}),
  /**
   * The parameters to train, by names or patterns, such as `['towers.*', 'heads.*']`. All others are frozen: their numbers stay, to the
   * bit, and a frozen batch normalization uses its running statistics. Names are those in `weights.safetensors`. Without it, all are trained.
   */
  trainable: optional(listOf(string, 1)),
  /**
   * Factors of the learning rate, by names or patterns: `{ 'levels.0.*': 0.1 }`. Of several patterns that match, the last counts. It
   * holds for tables with sparse updates, too. Without it, all are 1.
   */
  rates: optional(record(factor)),
  /** A balancer of `@polytask/balancing` for the losses or gradients of the tasks. Without it, the losses are added. */
  balancing: optional(component('balancer') as Option<BalancerSpec>),
  /** Aborts the training. `fit` then rejects with the reason of the signal, and the model has the weights of the last step. */
  signal: optional(anything as Option<AbortSignal>),
  /** The engine that runs the steps. */
  engine: optional(anything as Option<EngineChoice>, 'auto'),
};

/** The options whose types don't depend on the tasks. `planOf` checks what depends on the model or the rows. */
const plainOptions = {
  /**
   * The maximal number of passes over the training rows. Default 10. With `stopping`, the default is the number of epochs of
   * {@link trainingBudget}: 10,000 steps, in 10 to 100 epochs.
   */
  epochs: optional(wholeNumber(1)),
  ...stepOptions,
  /** Leaves out the last batch of an epoch when it is smaller. */
  dropLast: optional(flag, false),
  /** Reads the rows in a new order each epoch. The order depends on the seed and the epoch alone. */
  shuffle: optional(flag, true),
  /** The number of rows in memory that shuffle a stream. */
  shuffleBuffer: optional(wholeNumber(1), 65_536),
  /** The optimizer. Default `adam(1e-3)`. */
  optimizer: optional(component('optimizer') as Option<OptimizerSpec>, adam()),
  /**
   * The optimizer of embedding tables with sparse updates (`embed({ update: 'sparse' })`). Default: `optimizer`, which then
   * updates the rows of a batch alone.
   */
  tableOptimizer: optional(component('optimizer') as Option<OptimizerSpec>),
  /** Early stopping, which also chooses the epoch whose weights the model keeps. Needs `validation`. */
  stopping: optional(early),
  /** A progress bar on stderr, in Node only. `auto` shows the bar when stderr is a terminal. */
  progress: optional(either(flag, oneOf('auto')), 'auto'),
  /** The directory and the interval of checkpoints. Without it, there are none. */
  checkpoint: optional(shaped(checkpointOptions)),
  /**
   * `true` resumes the newest checkpoint in `checkpoint.directory`, or starts a run when there is no checkpoint. A string
   * resumes the checkpoint in this directory, or the newest of several checkpoints there.
   */
  resume: optional(either(flag, string), false),
  /**
   * The number of steps after which `fit` reads the losses and checks them for NaN. Default 1 on backends in host memory (cpu,
   * wasm) and with `onStep`, and 10 on a GPU.
   */
  checkEvery: optional(wholeNumber(1)),
};

export const fitOptions = {
  ...plainOptions,
  validation: optional(anything as Option<RowSource>),
  metrics: optional(anything as Option<MetricChoice>),
  validationGroups: optional(anything as Option<GroupArray>),
  callbacks: optional(callbackList, []),
};

export type GivenOptions = Read<typeof fitOptions>;

export interface FitOptions<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> extends Written<
  typeof plainOptions
> {
  /** The rows that are scored after each epoch. */
  readonly validation?: RowSource<T> | undefined;
  /** Metrics that replace the default metrics of some tasks in the validation. */
  readonly metrics?: M & MetricChoice<T>;
  /** The group of each validation row, for `gauc` and `ndcg@k`. Default: the groups that the rows carry, if they do. */
  readonly validationGroups?: G & (GroupArray | undefined);
  /** One object with callbacks, or a list of such objects. */
  readonly callbacks?:
    FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>> | readonly FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>>[];
}
