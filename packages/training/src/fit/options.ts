import { anything } from '@polytask/components';
import type { BalancerSpec } from '@polytask/balancing';
import { checks, type Options, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { EngineChoice } from '../engines/choose-engine.ts';
import type { DefaultMetrics, MetricChoice } from '../evaluation/scores.ts';
import { clipOptions, type ClipOptions } from '../optimizers/clip.ts';
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

export interface CheckpointOptions {
  /** The directory of the checkpoints. Each checkpoint is a folder, such as `step-00000120`. */
  directory: string;
  /** The number of steps between two checkpoints. Default: checkpoints are written after epochs. */
  everySteps?: number;
  /** The number of epochs between two checkpoints. Default 1 without `everySteps`. The end of training writes one, too. */
  everyEpochs?: number;
  /** The number of checkpoints to keep. Older checkpoints are removed after a complete write. Default 1. */
  keep?: number;
  /** A hash of the program's code that the run depends on, such as its own optimizers. A checkpoint with another hash isn't resumed. */
  code?: string;
}

const { flag, number, optional, oneOf, shaped, wholeNumber } = checks;

const whole = optional(wholeNumber(1));

const checkpointOptions: Options<CheckpointOptions> = {
  directory: checks.text,
  everySteps: whole,
  everyEpochs: whole,
  keep: whole,
  code: optional(checks.string),
};

/** The checks of the options. `planOf` checks the options that depend on the model or the rows. */
export const fitOptions: Options<FitOptions> = {
  epochs: whole,
  batchSize: whole,
  dropLast: optional(flag),
  shuffle: optional(flag),
  shuffleBuffer: whole,
  seed: optional(number('a whole number', Number.isSafeInteger)),
  optimizer: anything,
  tableOptimizer: anything,
  clip: optional(shaped(clipOptions)),
  trainable: anything, // parameterRates checks them
  rates: anything,
  balancing: anything,
  validation: anything,
  metrics: anything,
  validationGroups: anything,
  stopping: optional((value, where) => shapeOf(value, 'patience', where, "earlyStopping({ metric: 'auc' })")),
  callbacks: anything,
  signal: anything,
  progress: optional((value, where) => (typeof value === 'boolean' ? value : oneOf('auto')(value, where))),
  checkpoint: optional(shaped(checkpointOptions)),
  resume: optional((value, where) => typeof value === 'string' || flag(value, where)),
  checkEvery: whole,
  engine: anything,
};

function shapeOf(value: unknown, key: string, where: string, sample: string): void {
  if (typeof value === 'object' && value !== null && key in value) return;
  checks.oneOf(sample)(value, where);
}
