import type { BalancerSpec } from '@polytask/balancing';
import { checks, fail, type Options, type Tasks } from '@polytask/core';
import type { GroupArray } from '@polytask/metrics';
import type { EngineChoice } from '../engines/choose-engine.ts';
import type { DefaultMetrics, MetricChoice } from '../evaluation/scores.ts';
import { anything } from '../option-checks.ts';
import { clipOptions, type ClipOptions } from '../optimizers/clip.ts';
import type { OptimizerSpec } from '../optimizers/optimizer.ts';
import type { ProgressChoice } from '../progress/progress.ts';
import type { EarlyStopping } from '../stopping/early-stopping.ts';
import type { Rows } from '../rows/rows.ts';
import type { FitCallbacks } from './callbacks.ts';

export interface FitOptions<T extends Tasks = Tasks, M = DefaultMetrics, G = undefined> {
  /**
   * Passes over the training rows, at most. Default 10; with `stopping` what {@link trainingBudget} says, 10 to 100 epochs
   * or 10,000 steps.
   */
  epochs?: number;
  /** Rows a step. Default: by the number of rows, 32 to 1,024, so that an epoch has about 100 steps; 256 of a stream. */
  batchSize?: number;
  /** Leaves the last, smaller batch of an epoch out. Default false: it is trained on as it is. */
  dropLast?: boolean;
  /** A new order each epoch, which depends on the seed and the epoch alone. Default true. */
  shuffle?: boolean;
  /** Rows that a stream is shuffled by: they are in memory. Default 65,536. */
  shuffleBuffer?: number;
  /** Of the orders. Default: the model's own seed. */
  seed?: number;
  /** Default `adam(1e-3)`. */
  optimizer?: OptimizerSpec;
  /** Bounds on the gradients. Default none. */
  clip?: ClipOptions;
  /** How the tasks' losses or gradients become one step: a balancer of `@polytask/balancing`. Default: they are added. */
  balancing?: BalancerSpec | undefined;
  /** Rows to take scores of after each epoch. */
  validation?: Rows<T> | undefined;
  /** Metrics of the validation for some tasks, instead of the default ones of their kind. */
  metrics?: M & MetricChoice<T>;
  /** The group of each validation row, for `gauc` and `ndcg@k`. */
  validationGroups?: G & (GroupArray | undefined);
  /** When to stop before the last epoch, and which epoch's weights to keep. Needs `validation`. */
  stopping?: EarlyStopping | undefined;
  callbacks?:
    FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>> | readonly FitCallbacks<NoInfer<T>, NoInfer<M>, NoInfer<G>>[];
  /** When it is aborted, `fit` rejects with its reason; the model has the weights of the last step. */
  signal?: AbortSignal | undefined;
  /** A bar on stderr: `auto` (default) when that is a terminal, `true` always, `false` never. Node only. */
  progress?: ProgressChoice;
  /** Where and how often to write the state of the run. */
  checkpoint?: CheckpointOptions | undefined;
  /**
   * `true`: goes on from the newest checkpoint in `checkpoint.directory`, or begins when there is none. A string: goes on
   * from that checkpoint, or from the newest in that directory. Default false.
   */
  resume?: boolean | string;
  /**
   * The losses are read, and looked at for NaN, every so many steps. Default 1 where that costs nothing (cpu, wasm) or
   * `onStep` wants them, 10 on a GPU.
   */
  checkEvery?: number;
  /** What runs the steps. Default `auto`. */
  engine?: EngineChoice;
}

export interface CheckpointOptions {
  /** Gets a folder a checkpoint, `step-00000120`. */
  directory: string;
  /** Writes one every so many steps. */
  everySteps?: number;
  /** Writes one every so many epochs. Default 1, unless `everySteps` is given; the end of training always gets one. */
  everyEpochs?: number;
  /** How many to keep; older ones are removed once a newer one is whole. Default 1. */
  keep?: number;
}

const { flag, number, optional, oneOf, shaped, wholeNumber } = checks;

const whole = optional(wholeNumber(1));

const checkpointOptions: Options<CheckpointOptions> = {
  directory: (value, where) => {
    if (typeof value === 'string' && value !== '') return;
    fail({
      expected: `a path for ${where}`,
      received: JSON.stringify(value) ?? typeof value,
      mend: "Pass 'runs/people', for instance.",
    });
  },
  everySteps: whole,
  everyEpochs: whole,
  keep: whole,
};

/** For `checkOptions`; what needs the model or the rows is looked at later. */
export const fitOptions: Options<FitOptions> = {
  epochs: whole,
  batchSize: whole,
  dropLast: optional(flag),
  shuffle: optional(flag),
  shuffleBuffer: whole,
  seed: optional(number('a whole number', Number.isSafeInteger)),
  optimizer: anything,
  clip: optional(shaped(clipOptions)),
  balancing: anything,
  validation: anything,
  metrics: anything,
  validationGroups: anything,
  stopping: optional((value, where) => shapeOf(value, 'patience', where, "earlyStopping({ metric: 'auc' })")),
  callbacks: anything,
  signal: anything,
  progress: optional((value, where) => typeof value === 'boolean' || oneOf('auto')(value, where)),
  checkpoint: optional(shaped(checkpointOptions)),
  resume: optional((value, where) => typeof value === 'string' || flag(value, where)),
  checkEvery: whole,
  engine: anything,
};

function shapeOf(value: unknown, key: string, where: string, sample: string): void {
  if (typeof value === 'object' && value !== null && key in value) return;
  checks.oneOf(sample)(value, where);
}
