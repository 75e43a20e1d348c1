import type * as tf from '@tensorflow/tfjs-core';
import type { GroupMath } from '../../arithmetic/group-math.ts';
import {
  type About,
  aboutOf,
  builderNamed,
  checkSpec,
  define,
  type Factory,
  fail,
  isObject,
  type Read,
  registered,
  resolve,
  type RowLoss,
  type Spec,
  standardName,
  suggestion,
  checkMembersOf,
} from '@polytask/components';
import type { Task } from '../tasks.ts';

export type LossSpec<C = unknown> = Spec<'loss', C>;

export interface DefineLossOptions<O extends object> extends About {
  /** The options, or a function that gives them: a page that doesn't use the loss leaves its options out then. Default: none. */
  readonly options?: O | (() => O);
  /** The kinds of task that it is for. A kind can name more losses. */
  readonly tasks: readonly string[];
  /** Checks that the loss fits the options of a task, such as its classes. @param where the loss in error messages */
  readonly fits?: (config: Read<O>, task: Task, where: string) => void;
  /** Completes the configuration when a table is fitted. @param counts of training rows of each class, by sample weight */
  readonly fit?: (config: Read<O>, counts: readonly number[]) => Read<O>;
}

export interface LossDefinition<C> {
  readonly build: BuildLoss<C>;
  /** Only a loss that compares the rows of a group has it: see `defineGroupLoss`. */
  readonly group?: {
    build(config: C, outputs: number): GroupLossRunner;
    missing(what: string): never;
  };
  readonly fits?: ((config: C, task: Task, where: string) => void) | undefined;
  readonly fit?: ((config: C, counts: readonly number[]) => C) | undefined;
}

/** The parts of a loss that the rows of a batch have, [(tasks,) batch] each. The loss is Σ loss / Σ weight, and 0 without a weight. */
export interface GroupTerms<V> {
  readonly loss: V;
  /** How much the row's part counts: the number of its pairs, for instance. */
  readonly weight: V;
}

/**
 * A loss that compares the rows of a group. z is [(tasks,) batch], or [(tasks,) batch, outputs] for several outputs; y and weights are
 * [(tasks,) batch]. A row of weight 0 has no label, and must change nothing.
 */
export type GroupLoss = <V>(z: V, y: V, weights: V, math: GroupMath<V>) => GroupTerms<V>;

export interface GroupLossRunner {
  /**
   * The loss in a batch, a scalar or [tasks]. z is [(tasks,) batch (, outputs)], y and weights are [(tasks,) batch], and equal numbers in groups,
   * [batch], are one group. @throws PolytaskError without groups
   */
  tensors(z: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, groups: tf.Tensor | undefined): tf.Tensor;
  /** Starts a mean over the groups of many batches, in doubles. */
  mean(): GroupMean;
}

export interface GroupMean {
  /** Adds rows; z is row-major, [batch × outputs]. @throws PolytaskError without groups */
  add(
    z: ArrayLike<number>,
    rows: {
      readonly labels: ArrayLike<number>;
      readonly weights: ArrayLike<number>;
      readonly groups?: ArrayLike<number> | undefined;
    },
  ): void;
  /** The mean. NaN when nothing could be compared. */
  value(): number;
}

export type BuildLoss<C> = (config: C, outputs: number) => RowLoss;

/**
 * Defines a loss. It is written once: training runs it on tensors, evaluation on numbers in double precision. It may use the
 * operations of `math` only, and doesn't branch on values.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const options = { scale: checks.optional(checks.number({ above: 0 }), 1) };
 * const cauchy = defineLoss('my-package/cauchy', ({ scale }) =>
 *   (z, y, { add, div, log, square, sub }) => log(add(square(div(sub(z, y), scale)), 1)), { tasks: ['regression'], options });
 * regression({ loss: cauchy({ scale: 2 }) });
 */
export const defineLoss = <O extends object = Record<never, never>>(
  name: string,
  build: BuildLoss<Read<O>>,
  { fits, fit, ...about }: DefineLossOptions<O>,
): Factory<'loss', O> => definedLoss(name, { build, fits, fit }, about);

export function definedLoss<O extends object>(
  name: string,
  loss: LossDefinition<Read<O>>,
  { options, ...about }: DefineLossOptions<O>,
): Factory<'loss', O> {
  checkMembersOf({ kind: 'loss', name }, about, ['tasks']);
  const own = typeof options === 'function' ? (options as () => O)() : ((options ?? {}) as O);
  return define('loss', name, loss, { ...about, options: own }, ['build']);
}

/** The losses for a kind of task, in the order of their definition. @example lossesFor('regression').includes('huber') // true */
export function lossesFor(kind: string): string[] {
  const { losses = [] } = builderNamed<{ readonly losses?: readonly string[] }>('task', kind);
  return registered('loss').filter((name) => losses.includes(name) || aboutOf('loss', name).tasks?.includes(kind));
}

/** Checks the loss that a task names. @returns it under its standard name. @throws PolytaskError when it is unknown, or doesn't fit the task */
export function checkLoss(task: Task, where: string): Task['loss'] {
  const { kind, loss: value } = task;
  if (value === undefined) return undefined;
  const known = lossesFor(kind);
  const spec: LossSpec =
    typeof value === 'string'
      ? { kind: 'loss', name: standardName('loss', value), config: {} }
      : checkSpec('loss', isObject(value) ? { ...value, name: standardName('loss', value.name) } : value, where);
  if (!known.includes(spec.name)) {
    const { tasks } = aboutOf('loss', spec.name);
    fail({
      expected: `a loss for ${kind} tasks for ${where}`,
      received: `"${spec.name}"${tasks ? `, which is for ${tasks.join(', ')}` : ''}`,
      fix: `${suggestion(spec.name, known)}${tasks ? '' : ' Import the package or file that defines it first.'}`,
    });
  }
  const { builder, config } = resolve<LossDefinition<unknown>>(spec);
  builder.fits?.(config, task, where);
  return typeof value === 'string' ? spec.name : spec;
}

/** The task with the weights that its loss takes from the counts of its classes, by sample weight: {@link DefineLossOptions.fit}. */
export function fittedLoss<T extends Task>(task: T, counts: readonly number[]): T {
  const { loss } = task;
  if (typeof loss !== 'object') return task;
  const { builder, config } = resolve<LossDefinition<unknown>>(loss);
  return builder.fit ? { ...task, loss: { ...loss, config: builder.fit(config, counts) } } : task;
}
