import {
  anything,
  component,
  custom,
  either,
  flag,
  isObject,
  listOf,
  number,
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
  type Options,
  type Read,
  type Written,
} from '@polytask/components';
import type { BalancerSpec } from '@polytask/balancing';
import type { Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { EngineChoice } from '../engines/choose-engine.ts';
import type { DefaultMetrics, MetricChoice } from '../evaluation/scores.ts';
import { clipOptions, type ClipOptions } from '../optimizers/clip.ts';
import { adam } from '../optimizers/adam.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import type { ProgressChoice } from '../progress/progress.ts';
import type { EarlyStopping } from '../stopping/early-stopping.ts';
import type { RowSource } from '../rows/rows.ts';
import type { FitCallbacks } from './callbacks.ts';

export interface FitOptions<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /**
   * The maximal number of passes over the training rows. Default 10. With `stopping`, the default is the number of epochs of
   * {@link trainingBudget}: 10,000 steps, in 10 to 100 epochs.
   */
  epochs?: number;
  /** Rows in a step. Default: 32 to 1,024, so that an epoch has about 100 steps. For a stream without a size: 256. */
  batchSize?: number;
  /** Leaves out the last batch of an epoch when it is smaller. Default false. */
  dropLast?: boolean;
  /** Reads the rows in a new order each epoch. The order depends on the seed and the epoch alone. Default true. */
  shuffle?: boolean;
  /** The number of rows in memory that shuffle a stream. Default 65,536. */
  shuffleBuffer?: number;
  /** The seed of the orders. Default: the seed of the model. */
  seed?: number;
  /** The optimizer. Default `adam(1e-3)`. */
  optimizer?: OptimizerSpec;
  /**
   * The optimizer of embedding tables with sparse updates (`embed({ update: 'sparse' })`). Default: `optimizer`, which then
   * updates the rows of a batch alone.
   */
  tableOptimizer?: OptimizerSpec | undefined;
  /** Bounds on the gradients. Default: no bounds. */
  clip?: ClipOptions;
  /**
   * The parameters to train, by names or patterns, such as `['towers.*', 'heads.*']`. All others are frozen: their numbers stay, to the
   * bit, and a frozen batch normalization uses its running statistics. Names are those in `weights.safetensors`. Default: all.
   */
  trainable?: readonly string[];
  /**
   * Factors of the learning rate, by names or patterns: `{ 'levels.0.*': 0.1 }`. Of several patterns that match, the last counts. It
   * holds for tables with sparse updates, too. Default: 1 for all.
   */
  rates?: Readonly<Record<string, number>>;
  /** A balancer of `@polytask/balancing` for the losses or gradients of the tasks. Default: the losses are added. */
  balancing?: BalancerSpec | undefined;
  /** The rows that are scored after each epoch. */
  validation?: RowSource<T> | undefined;
  /** Metrics that replace the default metrics of some tasks in the validation. */
  metrics?: M & MetricChoice<T>;
  /** The group of each validation row, for `gauc` and `ndcg@k`. Default: the groups that the rows carry, if they do. */
  validationGroups?: G & (GroupArray | undefined);
  /** Early stopping, which also chooses the epoch whose weights the model keeps. Needs `validation`. */
  stopping?: EarlyStopping | undefined;
  /** One object with callbacks, or a list of such objects. */
  callbacks?:
    FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>> | readonly FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>>[];
  /** Aborts the training. `fit` then rejects with the reason of the signal, and the model has the weights of the last step. */
  signal?: AbortSignal | undefined;
  /** A progress bar on stderr, in Node only. `auto` (default) shows the bar when stderr is a terminal. */
  progress?: ProgressChoice;
  /** The directory and the interval of checkpoints. Default: no checkpoints. */
  checkpoint?: CheckpointOptions | undefined;
  /**
   * `true` resumes the newest checkpoint in `checkpoint.directory`, or starts a run when there is no checkpoint. A string
   * resumes the checkpoint in this directory, or the newest of several checkpoints there. Default false.
   */
  resume?: boolean | string;
  /**
   * The number of steps after which `fit` reads the losses and checks them for NaN. Default 1 on backends in host memory (cpu,
   * wasm) and with `onStep`, and 10 on a GPU.
   */
  checkEvery?: number;
  /** The engine that runs the steps. Default `auto`. */
  engine?: EngineChoice;
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
  if (isObject(value) && 'patience' in value) return;
  oneOf("earlyStopping({ metric: 'auc' })").read(value, where);
});

/** The options that don't depend on the model or the rows; `planOf` checks the others. */
export const fitOptions = {
  epochs: optional(wholeNumber(1)),
  batchSize: optional(wholeNumber(1)),
  dropLast: optional(flag, false),
  shuffle: optional(flag, true),
  shuffleBuffer: optional(wholeNumber(1), 65_536),
  seed: optional(number({ whole: true })),
  optimizer: optional(component('optimizer'), adam()),
  tableOptimizer: optional(component('optimizer')),
  clip: optional(shaped(clipOptions), {}),
  trainable: optional(listOf(string, 1)),
  rates: optional(record(factor)),
  balancing: optional(component('balancer')),
  validation: anything,
  metrics: anything,
  validationGroups: anything,
  stopping: optional(early),
  callbacks: anything,
  signal: anything,
  progress: optional(either(flag, oneOf('auto')), 'auto'),
  checkpoint: optional(shaped(checkpointOptions)),
  resume: optional(either(flag, string), false),
  checkEvery: optional(wholeNumber(1)),
  engine: anything,
} satisfies Options<FitOptions>;

/** The options of `fit` with defaults. */
export type GivenOptions<T extends Tasks, M, G> = FitOptions<T, M, G> & Read<typeof fitOptions>;
