import type { OutputMath } from '../arithmetic/output-math.ts';
import { checkLoss, type LossSpec } from './losses/loss.ts';
import {
  type About,
  anything,
  builderNamed,
  define,
  type Definition,
  type Described,
  notNegative,
  type Option,
  optional,
  readOptions,
  text,
} from '@polytask/components';
import type { Label, Prediction, Task, TaskOptions } from './tasks.ts';

/** The options of a task, without its kind and the fitted values. */
export type OptionsOf<T extends Task> = Omit<T, 'kind' | 'fitted' | 'calibrated'>;

/**
 * The definition of a kind of task. All other code asks for the label, the prediction and the metrics, and never for the kind.
 * `z` are the outputs of the head: [batch, 1] for a task with one, [batch, outputs] for others.
 */
export interface TaskKind<T extends Task = Task> extends About {
  /** The options that only this kind has. {@link TaskOptions} are those of every kind. */
  readonly options: () => { readonly [K in Exclude<keyof OptionsOf<T>, keyof TaskOptions>]-?: Option };
  /** Checks options together, such as two that exclude each other. @param where the task in error messages */
  readonly check?: (task: T, where: string) => void;
  readonly label: (task: T) => Label;
  readonly prediction: (task: T) => Prediction;
  /** How many outputs the head has. Default: as many as a row's prediction has numbers. */
  readonly outputs?: (task: T) => number;
  /** The loss of a task that names none. */
  readonly loss: (task: T) => LossSpec;
  /**
   * Names of further losses for this kind: other losses name it themselves. A loss reads outputs and encoded labels, and no
   * predictions.
   */
  readonly losses?: readonly string[];
  /**
   * The predictions from the outputs. Numbers are encoded, as labels are, and are decoded afterwards. Default: the outputs.
   *
   * It uses the operations of `math` only, and doesn't branch on values: serving runs it on tensors, evaluation on doubles. A
   * probability depends on the outputs only, so that several tasks are predicted at once.
   */
  readonly predict?: <V>(z: V, math: OutputMath<V>, task: T) => V;
  /**
   * Whether the outputs are the logits of the probabilities: of yes, or of the classes. Then they can be calibrated. Of an output that is
   * negated, `predict` gives the probability of no. Default false.
   */
  readonly logits?: true;
  /** How trees are boosted for a task with the loss of the kind. Default: they can't be. */
  readonly boosting?: (task: T) => BoostingTarget;
  /** The outputs whose prediction is the best constant one for the training rows; undefined where no fit has found it. */
  readonly start: (task: T) => readonly number[] | undefined;
  /** The names of its default metrics. */
  readonly metrics: (task: T) => readonly string[];
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

/**
 * Defines a kind of task. All packages know it from then on: its labels are read, it is trained, saved, served and exported.
 *
 * @param name the kind in saved models and data set files; it must be unique
 * @returns a function that declares a task of this kind
 * @throws PolytaskError when the name is taken; the function throws when an option is unknown, or has a value that doesn't fit
 * @example
 * interface ShareTask extends Task {
 *   readonly kind: 'my-package/share';
 * }
 * const share = defineTask<ShareTask>('my-package/share', {
 *   options: () => ({}),
 *   label: () => ({ type: 'number', scale: 'none', minimum: 0, maximum: 1 }),
 *   prediction: () => ({ type: 'number' }),
 *   loss: () => binaryCrossEntropy(), // of a share, its best constant is the mean
 *   losses: ['binary-cross-entropy'],
 *   predict: (z, { sigmoid }) => sigmoid(z),
 *   start: ({ fitted }) => fitted && [Math.log(fitted.mean! / (1 - fitted.mean!))],
 *   metrics: () => ['mae', 'rmse'],
 * });
 * denseSchema(20, { watched: share({ from: 'watched_share' }) });
 */
export function defineTask<T extends Task>(name: T['kind'], kind: TaskKind<T>): (options?: OptionsOf<T>) => T {
  registerTask(name, kind);
  return (options) => declareTask(name, options) as T;
}

/** Defines a kind of this package: a page that predicts needs the kinds, and not the functions that declare their tasks. */
export const registerTask = <T extends Task>(name: T['kind'], kind: TaskKind<T>): void => {
  define('task', name, kind, kind as Definition<object>);
};

/**
 * Declares a task of a kind that is known by name, such as that of a data set file.
 *
 * @param where the task in messages
 * @throws PolytaskError when no such kind is defined, an option is unknown for it, or has a value that doesn't fit
 * @example declareTask('binary', { positive: 'yes' }) // { kind: 'binary', positive: 'yes' }
 */
export function declareTask(kind: string, options: object = {}, where = kind): Task {
  readOptions(options, taskOptions(kind), where);
  const named: Task = { kind, ...options };
  const loss = checkLoss(named, `${where}.loss`);
  const task = loss === undefined ? named : { ...named, loss };
  kindOf(task).check?.(task, where);
  return task;
}

/**
 * The definition of a task's kind.
 *
 * @throws PolytaskError when no such kind is defined
 * @example kindOf(binary()).label(binary()).type // 'yes-no'
 */
export const kindOf = ({ kind }: Pick<Task, 'kind'>): TaskKind => builderNamed('task', kind);

/** How the label of a task is read and encoded. */
export const labelOf = (task: Task): Label => kindOf(task).label(task);

/** The type of a row's prediction. */
export const predictionOf = (task: Task): Prediction => kindOf(task).prediction(task);

/**
 * How many numbers the prediction of a row has.
 *
 * @example predictionWidth(multiclass({ classes: ['low', 'middle', 'high'] })) // 3
 */
export function predictionWidth(task: Task): number {
  const prediction = predictionOf(task);
  return 'names' in prediction ? prediction.names.length : 1;
}

/**
 * The options of a kind of task, without the loss: a page that predicts has none.
 *
 * @throws PolytaskError when no such kind is defined
 * @example readOptions({ postive: 'yes' }, taskOptions('binary'), 'binary') // Did you mean "positive"?
 */
export function taskOptions(kind: string): Described {
  const common = {
    from: optional(text),
    weightFrom: optional(text),
    weight: optional(notNegative),
    loss: anything,
  };
  return { ...common, ...kindOf({ kind }).options() };
}
