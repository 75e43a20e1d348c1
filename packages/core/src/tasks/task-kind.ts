import {
  type About,
  type Args,
  define,
  defining,
  memoized,
  type Read,
  resolve,
  type Written,
} from '@polytask/components';
import type { OutputMath } from '../arithmetic/output-math.ts';
import { checkLoss, type LossSpec } from './losses/loss.ts';
import { taskOptions, type Fitted, type Label, type Task } from './tasks.ts';

type Common = typeof taskOptions;

/** The options of a kind, with those of every kind. */
export type TaskOptions<O> = Written<Common & O>;

/** A task with options of its own. */
export type TaskWith<O> = Task & Written<O>;

/**
 * What a kind of task makes of a task's options. All other code asks for the label, the prediction and the metrics, and never for the kind.
 * `z` are the outputs of the head: [batch, 1] for a task with one, [batch, outputs] for others.
 */
export interface TaskKind {
  readonly label: Label;
  readonly prediction: Prediction;
  /** How many outputs the head has. Default: as many as a row's prediction has numbers. */
  readonly outputs?: () => number;
  /** The loss of a task that names none. */
  readonly loss: () => LossSpec;
  /**
   * The predictions from the outputs. Numbers are encoded, as labels are, and are decoded afterwards. Default: the outputs.
   *
   * It uses the operations of `math` only, and doesn't branch on values: serving runs it on tensors, evaluation on doubles. A
   * probability depends on the outputs only, so that several tasks are predicted at once.
   */
  readonly predict?: <V>(z: V, math: OutputMath<V>) => V;
  /**
   * Whether the outputs are the logits of the probabilities: of yes, or of the classes. Then they can be calibrated. Of an output that is
   * negated, `predict` gives the probability of no. Default false.
   */
  readonly logits?: true;
  /** How trees are boosted for a task with the loss of the kind. Default: they can't be. */
  readonly boosting?: BoostingTarget;
  /** The outputs whose prediction is the best constant one for the training rows. Default: the head starts at 0. */
  readonly start?: ((fitted: Required<Fitted>) => readonly number[]) | undefined;
  /** The names of its default metrics. */
  readonly metrics: readonly string[];
}

/** How trees are boosted for a task. */
export interface BoostingTarget {
  /** The loss. The trees of `multiclass` share it; with the others, each output has trees for labels of its own. */
  readonly objective: 'binary' | 'multiclass' | 'regression' | 'poisson';
  /** The label of an output, from the encoded label of a row. Default: the encoded label. */
  readonly label?: (encoded: number, output: number) => number;
  /** How often a row with this encoded label counts. Default: once. */
  readonly weight?: ((encoded: number) => number) | undefined;
}

/** The description of a kind of task. */
export interface DefineTaskOptions<O extends object> extends Pick<
  About,
  'also' | 'description' | 'paper' | 'package' | 'examples'
> {
  /** The options that only this kind has. {@link taskOptions} are those of every kind. Default: none. */
  readonly options?: O;
  /** Checks options together, such as two that exclude each other. @param where the task in error messages */
  readonly check?: (task: Read<O & Common>, where: string) => void;
  /**
   * Names of further losses for this kind: other losses name it themselves. A loss reads outputs and encoded labels, and no
   * predictions.
   */
  readonly losses?: readonly string[];
}

type Build<O> = (options: Read<O & Common>) => TaskKind;

/**
 * Defines a kind of task. All packages know it from then on: its labels are read, it is trained, saved, served and exported.
 *
 * @param name the kind in saved models and data set files; it must be unique
 * @param build gives the label, the prediction and the loss from the options of a task, with defaults
 * @returns a function that declares a task of this kind
 * @throws PolytaskError when the name is taken; the function throws when an option is unknown, or has a value that doesn't fit
 * @example
 * const options = { least: checks.optional(checks.share, 0) };
 * const share = defineTask('my-package/share', ({ least }) => ({
 *   label: { type: 'number', scale: 'none', minimum: 0, maximum: 1 },
 *   prediction: { type: 'number' },
 *   loss: () => binaryCrossEntropy(), // of a share, its best constant is the mean
 *   predict: (z, { maximum, sigmoid }) => maximum(sigmoid(z), least),
 *   start: ({ mean }) => [Math.log(mean / (1 - mean))],
 *   metrics: ['mae', 'rmse'],
 * }), { options, losses: ['binary-cross-entropy'] });
 * denseSchema(20, { watched: share({ from: 'watched_share' }) });
 */
export function defineTask<K extends string, O extends object = Record<never, never>>(
  name: K,
  build: Build<O>,
  about: DefineTaskOptions<O>,
): (...options: Args<O & Common>) => TaskWith<O> & { readonly kind: K } {
  registerTask(name, build, about);
  return defining('task', name, (options?: object) => declareTask(name, options) as TaskWith<O> & { readonly kind: K });
}

/** Defines a kind of this package: a page that predicts needs the kinds, and not the functions that declare their tasks. */
export const registerTask = <O extends object = Record<never, never>>(
  name: string,
  build: Build<O>,
  { check, losses, options, ...about }: DefineTaskOptions<O>,
): void => {
  define('task', name, { build, check, losses }, { ...about, options: { ...taskOptions, ...options } });
};

type TaskBuilder = Pick<DefineTaskOptions<object>, 'check'> & { readonly build: Build<object> };

/** The definition of a task's kind, and what the task was declared with, with defaults. */
const read = ({ kind: name, fitted: _fitted, calibrated: _calibrated, ...config }: Task, where?: string) =>
  resolve<TaskBuilder, Read<Common>>({ kind: 'task', name, config }, where);

/**
 * Declares a task of a kind that is known by name, such as that of a data set file.
 *
 * @param where its name in error messages
 * @returns the task as it was written, without defaults
 * @throws PolytaskError when no such kind is defined, an option is unknown for it, or has a value that doesn't fit
 * @example declareTask('binary', { positive: 'yes' }) // { kind: 'binary', positive: 'yes' }
 */
export function declareTask<K extends string>(
  kind: K,
  given: object = {},
  where: string = kind,
): Task & { readonly kind: K } {
  const { builder, config } = resolve<TaskBuilder, Read<Common>>({ kind: 'task', name: kind, config: given }, where);
  const task = { kind, ...given };
  const loss = checkLoss(task, `${where}.loss`);
  builder.check?.(config, where);
  return loss === undefined ? task : { ...task, loss };
}

/** @throws PolytaskError when a task has an option that doesn't fit. @param where its name in error messages */
export function checkOptions(task: Task, where: string): void {
  const { builder, config } = read(task, where);
  builder.check?.(config, where);
}

/**
 * What the kind of a task makes of its options.
 *
 * @throws PolytaskError when no such kind is defined
 * @example kindOf(binary()).label.type // 'yes-no'
 */
export const kindOf = memoized((task: Task): TaskKind => {
  const { builder, config } = read(task);
  return builder.build(config);
});

/** The outputs of a task's head whose prediction is the best constant one for the training rows; undefined where no fit has found it. */
export const startOf = (task: Task): readonly number[] | undefined =>
  task.fitted && kindOf(task).start?.(task.fitted as Required<Fitted>);

/** How the label of a task is read and encoded. */
export const labelOf = (task: Task): Label => kindOf(task).label;

/** Whether a label is a number that is trained on its logarithm. @example isLog(regression({ log: true })) // true */
export function isLog(task: Task): boolean {
  const label = labelOf(task);
  return label.type === 'number' && label.log === true;
}

/** The type of a row's prediction. */
export const predictionOf = (task: Task): Prediction => kindOf(task).prediction;

/**
 * The type of a task's prediction, and the names of its numbers: none for a single one.
 *
 * @example predictionTypeOf(multiclass({ classes: ['a', 'b'] })).names // ['a', 'b']
 */
export function predictionTypeOf(task: Task): PredictionType & { readonly names: readonly string[] } {
  const { type, names = [] } = predictionOf(task);
  return { ...PREDICTION_TYPES[type], names };
}

/**
 * How many numbers the prediction of a row has.
 *
 * @example predictionWidth(multiclass({ classes: ['low', 'middle', 'high'] })) // 3
 */
export const predictionWidth = (task: Task): number => predictionOf(task).names?.length ?? 1;

/**
 * The definition of a type of prediction. All other code asks it, and never for the type. The names are those of the prediction's numbers,
 * such as its classes; a type of one number has none.
 */
export interface PredictionType {
  /** The words of a model card: `the probability of yes`. */
  readonly description: string;
  /** One of its numbers, for the documentation of a service. */
  readonly number: string;
  /** Whether its numbers are probabilities. Otherwise they are in the label's own unit. */
  readonly isProbability: boolean;
  /** Whether the names exclude each other, so that the likeliest one is the prediction. */
  readonly isExclusive?: true;
  /** What the names are called in an exported file. */
  readonly namesKey?: 'classes' | 'labels' | 'times' | 'quantiles';
  /** What `calibrate` can give it: an interval around its number, or a set of classes or of yes and no. */
  readonly interval?: 'range' | 'set';
  /** Whether means of predictions and labels are compared. */
  readonly hasMean: boolean;
  /** The `task` of the metrics that fit it. */
  readonly measuredAs: 'binary' | 'multiclass' | 'multi-label' | 'regression' | 'quantiles' | 'survival';
  /** The name of the metric that divides the error by that of the best constant prediction. */
  normalizedLoss(names: readonly string[]): string;
  /** The best constant prediction, and its error by `normalizedLoss`: `worse than predicting the base rate (NE 1.02)`. */
  readonly constant: { readonly name: string; error(normalizedLoss: string): string };
  /** The axes of its calibration plot. */
  readonly axes: { readonly x: string; readonly y: string };
}

const entropyRatio = (value: string) => `log loss ${value} times their entropy`;

/** A type of prediction is one entry here. */
export const PREDICTION_TYPES = {
  probability: {
    description: 'the probability of yes',
    number: 'The probability of yes.',
    isProbability: true,
    interval: 'set',
    hasMean: true,
    measuredAs: 'binary',
    normalizedLoss: () => 'ne',
    constant: { name: 'base rate', error: (value) => `NE ${value}` },
    axes: { x: 'predicted probability', y: 'share of positives' },
  },
  probabilities: {
    description: 'a probability for each class',
    number: 'The probability of this class.',
    isProbability: true,
    isExclusive: true,
    namesKey: 'classes',
    interval: 'set',
    hasMean: true,
    measuredAs: 'multiclass',
    normalizedLoss: () => 'ne',
    constant: { name: 'class shares', error: entropyRatio },
    axes: { x: 'probability of the likeliest class', y: 'share of right rows' },
  },
  labels: {
    description: 'a probability for each label',
    number: 'The probability that the row has this label.',
    isProbability: true,
    namesKey: 'labels',
    hasMean: true,
    measuredAs: 'multi-label',
    normalizedLoss: () => 'ne',
    constant: { name: 'shares of the labels', error: entropyRatio },
    axes: { x: 'predicted probability of a label', y: 'share of rows that have it' },
  },
  number: {
    description: "a number in the label's unit",
    number: "In the label's own unit.",
    isProbability: false,
    interval: 'range',
    hasMean: true,
    measuredAs: 'regression',
    normalizedLoss: () => 'nrmse',
    constant: { name: 'mean', error: (value) => `RMSE ${value} times the deviation` },
    axes: { x: 'mean prediction', y: 'mean label' },
  },
  quantiles: {
    description: "quantiles in the label's unit",
    number: "The quantile of this share, in the label's own unit.",
    isProbability: false,
    namesKey: 'quantiles',
    hasMean: false,
    measuredAs: 'quantiles',
    normalizedLoss: (levels) => `pinballRatio@${levels.join(':')}`,
    constant: { name: 'quantiles of the labels', error: (value) => `pinball loss ${value} times theirs` },
    axes: { x: 'mean of the middle quantile', y: 'mean label' },
  },
  survival: {
    description: 'the probabilities of no event up to each cut point',
    number: 'The probability of no event up to this time.',
    isProbability: true,
    namesKey: 'times',
    hasMean: false,
    measuredAs: 'survival',
    normalizedLoss: (times) => `survivalRatio@${times.join(':')}`,
    constant: { name: 'life table of the rows', error: (value) => `log loss ${value} times its` },
    axes: { x: 'predicted survival up to the middle cut point', y: 'share of the life table' },
  },
} as const satisfies Readonly<Record<string, PredictionType>>;

/** A row's prediction. Numbers are in the unit of the label. */
export interface Prediction {
  /**
   * Probabilities of classes add up to 1, and those of labels don't exclude one another. `survival`: the probabilities of no event up to
   * each of several times, which fall. `quantiles` ascend.
   */
  readonly type: keyof typeof PREDICTION_TYPES;
  /** The names of its numbers: classes, labels, times, or the shares of quantiles, such as `0.9`. Without them, it is one number. */
  readonly names?: readonly string[];
}
