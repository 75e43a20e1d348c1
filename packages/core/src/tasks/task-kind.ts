import {
  type About,
  type Args,
  checkMembers,
  define,
  defining,
  fail,
  memoized,
  type OutputMath,
  type Read,
  readOptions,
  resolve,
  shown,
  type Written,
} from '@polytask/components';
import { checkLoss, type LossSpec } from './losses/loss.ts';
import { measuredType, unitOf } from './label-types.ts';
import { type Prediction, predictionType, predictionTypes, type PredictionType } from './prediction-types.ts';
import { taskOptions, type Fitted, type Label, type Task } from './tasks.ts';

type Common = typeof taskOptions;

export type TaskOptions<O> = Written<Common & O>;

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
  readonly loss: () => LossSpec;
  /**
   * The predictions from the outputs, encoded as labels are. Default: the outputs. It uses the operations of `math` only, and doesn't branch on
   * values: serving runs it on tensors, evaluation on doubles. A probability depends on the outputs only.
   */
  readonly predict?: <V>(z: V, math: OutputMath<V>) => V;
  /** Whether the outputs are logits of probabilities, which can be calibrated. Of a negated one, `predict` gives that of no. Default false. */
  readonly logits?: true;
  /**
   * What `predict` inverts, so that explanations are of log-odds or of a logarithm. Default: `logit` for logits. Without one, they are of the
   * prediction.
   */
  readonly link?: 'logit' | 'log';
  /** An objective of boosting that is the loss of the kind: training is faster with it. Default: trees learn the loss by its derivatives. */
  readonly boosting?: BoostingTarget;
  /** The outputs whose prediction is the best constant one for the training rows. Default: the head starts at 0. */
  readonly start?: ((fitted: Required<Fitted>) => readonly number[]) | undefined;
  /** The names of its default metrics. */
  readonly metrics: readonly string[];
}

export interface BoostingTarget {
  /** The loss. The trees of `multiclass` share it; with the others, each output has trees for labels of its own. */
  readonly objective: 'binary' | 'multiclass' | 'regression' | 'poisson';
  /** The label of an output, from the encoded label of a row. Default: the encoded label. */
  readonly label?: (encoded: number, output: number) => number;
  /** How often a row with this encoded label counts. Default: once. */
  readonly weight?: ((encoded: number) => number) | undefined;
}

export interface DefineTaskOptions<O extends object> extends Pick<
  About,
  'also' | 'description' | 'paper' | 'package' | 'examples'
> {
  /** The options that only this kind has. {@link taskOptions} are those of every kind. Default: none. */
  readonly options?: O;
  /** Checks options together, such as two that exclude each other. @param where the task in error messages */
  readonly check?: (task: Read<O & Common>, where: string) => void;
  /** Names of further losses for this kind: other losses name it themselves. */
  readonly losses?: readonly string[];
}

type Build<O> = (options: Read<O & Common>) => TaskKind;

/**
 * Defines a kind of task. All packages know it from then on: its labels are read, it is trained, saved, served and exported.
 *
 * @param build gives the label, the prediction and the loss from the options of a task, with defaults
 * @throws PolytaskError when the name is taken, or the label can't measure the prediction; the function throws when an option is unknown, or
 *   has a value that doesn't fit
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
  about: DefineTaskOptions<O> = {},
): (...options: Args<O & Common>) => TaskWith<O> & { readonly kind: K } {
  checkDefaults(name, build as Build<object>, about.options);
  registerTask(name, build, about);
  return defining('task', name, (options?: object) => declareTask(name, options) as TaskWith<O> & { readonly kind: K });
}

/** Checks a kind that can be built without options where it is defined. Others are checked where a task is declared, and none when one is loaded. */
function checkDefaults(name: string, build: Build<object>, options?: object): void {
  let kind: TaskKind | undefined;
  try {
    kind = build(readOptions({}, { ...taskOptions, ...options }, name) as Read<Common>);
  } catch {
    return;
  }
  checkKind(kind, name);
}

/** Defines a kind of this package: a page that predicts needs the kinds, and not the functions that declare their tasks. */
export const registerTask = <O extends object = Record<never, never>>(
  name: string,
  build: Build<O>,
  { check, losses, options, ...about }: DefineTaskOptions<O>,
): void => {
  define('task', name, { build, check, losses }, { ...about, options: { ...taskOptions, ...options } }, ['build']);
};

type TaskBuilder = Pick<DefineTaskOptions<object>, 'check'> & { readonly build: Build<object> };

/** The definition of a task's kind, and what the task was declared with, with defaults. */
const read = ({ kind: name, fitted: _fitted, calibrated: _calibrated, ...config }: Task, where?: string) =>
  resolve<TaskBuilder, Read<Common>>({ kind: 'task', name, config }, where);

/**
 * Declares a task of a kind that is known by name, such as that of a data set file, without defaults.
 *
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
  checkKind(builder.build(config), where);
  return loss === undefined ? task : { ...task, loss };
}

/** @throws PolytaskError when a task has an option that doesn't fit. @param where its name in error messages */
export function checkOptions(task: Task, where: string): void {
  const { builder, config } = read(task, where);
  builder.check?.(config, where);
}

/** The types of label that trees are boosted for, if the kind doesn't say which label an output has. */
const BOOSTED: Readonly<Record<BoostingTarget['objective'], Label['type']>> = {
  ...{ binary: 'yes-no', multiclass: 'class', regression: 'number', poisson: 'number' },
};

/** @throws PolytaskError when the predictions of a kind can't be measured by its labels, or its objective of boosting has other labels */
function checkKind(kind: TaskKind, where: string): void {
  const { label, prediction, boosting } = checkMembers(
    kind,
    ['label', 'prediction', 'loss', 'metrics'],
    `a kind of task for ${where}`,
  );
  const type = measuredType(label);
  if (!predictionType(prediction.type).labels.includes(type)) {
    const known = predictionTypes().filter((name) => predictionType(name).labels.includes(type));
    fail({
      expected: `a prediction that can be measured by labels of the type "${label.type}" for ${where}`,
      received: `"${prediction.type}", which is measured by ${predictionType(prediction.type).labels.join(', ')}`,
      fix:
        known.length > 0
          ? `Predict ${known.join(' or ')}.`
          : `Define one: definePrediction(…, { labels: ["${type}"] }).`,
    });
  }
  if (!boosting || boosting.label || BOOSTED[boosting.objective] === type) return;
  fail({
    expected: `labels of the type "${BOOSTED[boosting.objective]}" for the boosting objective "${boosting.objective}" of ${where}`,
    received: `"${label.type}"`,
    fix: 'Leave `boosting` out, or give the label of an output: boosting: { objective, label: (encoded) => … }.',
  });
}

/** What the kind of a task makes of its options. @example kindOf(binary()).label.type // 'yes-no' */
export const kindOf = memoized((task: Task): TaskKind => {
  const { builder, config } = read(task);
  return builder.build(config);
});

/** For losses whose options a task passes. @throws PolytaskError when they aren't those of its kind's loss */
export function passedByTask(options: object, task: Task, where: string): void {
  const { config } = kindOf(task).loss();
  if (JSON.stringify(options) === JSON.stringify(config)) return;
  fail({
    expected: `the options ${shown(config)} of the task for ${where}`,
    received: shown(options),
    fix: 'Leave the loss out: the task passes its options.',
  });
}

/** The outputs of a task's head whose prediction is the best constant one for the training rows; undefined where no fit has found it. */
export const startOf = (task: Task): readonly number[] | undefined =>
  task.fitted && kindOf(task).start?.(task.fitted as Required<Fitted>);

/** What the labels of a task are. @example labelOf(binary()).type // 'yes-no' */
export const labelOf = (task: Task): Label => kindOf(task).label;

/** Whether a label is a number that is trained on its logarithm. @example isLog(regression({ log: true })) // true */
export const isLog = (task: Task): boolean => unitOf(labelOf(task)).log === true;

/** What a task predicts. @example predictionOf(binary()).type // 'probability' */
export const predictionOf = (task: Task): Prediction => kindOf(task).prediction;

/**
 * The type of a task's prediction, and the names of its numbers: none for a single one.
 *
 * @example predictionTypeOf(multiclass({ classes: ['a', 'b'] })).names // ['a', 'b']
 */
export function predictionTypeOf(task: Task): PredictionType & { readonly names: readonly string[] } {
  const { type, names = [] } = predictionOf(task);
  return { ...predictionType(type), names };
}

/** How many numbers the prediction of a row has. @example predictionWidth(multiclass({ classes: ['a', 'b'] })) // 2 */
export const predictionWidth = (task: Task): number => predictionOf(task).names?.length ?? 1;

/** The names of a task's predictions in files: `TASK`, or `TASK_CLASS` for each class. */
export function predictedColumns(task: Task, name: string): string[] {
  const { names } = predictionTypeOf(task);
  return names.length === 0 ? [name] : names.map((each) => `${name}_${each}`);
}
