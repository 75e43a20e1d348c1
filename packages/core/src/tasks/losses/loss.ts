import type * as tf from '@tensorflow/tfjs-core';
import type { GroupMath } from '../../arithmetic/group-math.ts';
import type { RowMath } from '../../arithmetic/row-math.ts';
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
  type Spec,
  standardName,
  suggestion,
} from '@polytask/components';
import type { Task } from '../tasks.ts';

/** A loss as plain JSON; see {@link defineLoss}. */
export type LossSpec<C = unknown> = Spec<'loss', C>;

/**
 * The loss of a row, before its sample weight.
 *
 * @param z the outputs: [(tasks,) batch] for a task with one, [(tasks,) batch, outputs] for others
 * @param y the encoded labels, [(tasks,) batch]: 0 or 1, the index of the class, or a standardized number
 * @returns [(tasks,) batch]
 */
export type RowLoss = <V>(z: V, y: V, math: RowMath<V>) => V;

export interface DefineLossOptions<O extends object> extends About {
  /** The options, or a function that gives them: a page that doesn't use the loss leaves its options out then. Default: none. */
  readonly options?: O | (() => O);
  /** The kinds of task that it is for. A kind can name more losses. */
  readonly tasks: readonly string[];
  /** Checks that the loss fits the options of a task, such as its classes. @param where the loss in error messages */
  readonly fits?: (config: Read<O>, task: Task, where: string) => void;
  /**
   * Completes the configuration when a table is fitted.
   *
   * @param counts the number of training rows of each class, by sample weight: no and yes, or in the order of the classes
   */
  readonly fit?: (config: Read<O>, counts: readonly number[]) => Read<O>;
}

/** The definition of a loss, as the registry has it. */
export interface LossDefinition<C> {
  readonly build: BuildLoss<C>;
  /** Only a loss that compares the rows of a group has it: see `defineGroupLoss`. */
  readonly group?: {
    build(config: C, outputs: number): GroupLossRunner;
    /** @throws PolytaskError that says how rows get groups */
    missing(what: string): never;
  };
  readonly fits?: ((config: C, task: Task, where: string) => void) | undefined;
  readonly fit?: ((config: C, counts: readonly number[]) => C) | undefined;
}

/** The parts of a loss that the rows of a batch have, [(tasks,) batch] each. The loss is Σ loss / Σ weight, and 0 without a weight. */
export interface GroupTerms<V> {
  /** The row's part of the sum. */
  readonly loss: V;
  /** How much the row's part counts: the number of its pairs, for instance. */
  readonly weight: V;
}

/**
 * A loss that compares the rows of a group, such as the items that a user saw.
 *
 * @param z the outputs: [(tasks,) batch] for a task with one, [(tasks,) batch, outputs] for others
 * @param y the encoded labels, [(tasks,) batch]
 * @param weights the sample weights, [(tasks,) batch]; 0 where the label is missing. Such a row must change nothing
 */
export type GroupLoss = <V>(z: V, y: V, weights: V, math: GroupMath<V>) => GroupTerms<V>;

/** Computes a loss that compares the rows of a group. */
export interface GroupLossRunner {
  /**
   * The loss in a batch: a scalar, or [tasks].
   *
   * @param z [(tasks,) batch], or [(tasks,) batch, outputs]
   * @param y [(tasks,) batch]
   * @param weights [(tasks,) batch]
   * @param groups [batch]: equal numbers are one group
   * @throws PolytaskError without groups
   */
  tensors(z: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, groups: tf.Tensor | undefined): tf.Tensor;
  /** Starts a mean over the groups of many batches, in doubles. */
  mean(): GroupMean;
}

/** The mean loss over groups. Rows of a group may come in several batches. */
export interface GroupMean {
  /**
   * @param z row-major, [batch × outputs]
   * @throws PolytaskError without groups
   */
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

/** @param outputs how many outputs the task has */
export type BuildLoss<C> = (config: C, outputs: number) => RowLoss;

/**
 * Defines a loss. It is written once: training runs it on tensors, evaluation on numbers in double precision. It may use the
 * operations of `math` only, and doesn't branch on values.
 *
 * @param name the name in saved models and data set files; it must be unique
 * @returns a factory of specs
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
  { options, fits, fit, ...about }: DefineLossOptions<O>,
): Factory<'loss', O> =>
  define('loss', name, { build, fits, fit } satisfies LossDefinition<Read<O>>, {
    ...about,
    options: optionsIn(options),
  });

export const optionsIn = <O extends object>(options: O | (() => O) | undefined): O =>
  typeof options === 'function' ? (options as () => O)() : ((options ?? {}) as O);

/**
 * The losses for a kind of task, in the order of their definition.
 *
 * @example lossesFor('regression').includes('huber') // true
 */
export function lossesFor(kind: string): string[] {
  const { losses = [] } = builderNamed<{ readonly losses?: readonly string[] }>('task', kind);
  return registered('loss').filter((name) => losses.includes(name) || aboutOf('loss', name).tasks?.includes(kind));
}

/**
 * Checks the loss that a task names, if it does.
 *
 * @param where the name of the option in error messages
 * @returns the loss under its standard name
 * @throws PolytaskError when no such loss is defined, it isn't for this kind of task, or its options don't fit it or the task
 */
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

/**
 * Completes the loss that a task names with the counts of its classes, as {@link DefineLossOptions} says by `fit`.
 *
 * @param counts the number of training rows of each class, by sample weight: no and yes, or in the order of the classes
 * @returns the same task, if its loss needs no counts
 * @throws PolytaskError when the loss can't be completed, such as for a class without rows
 * @example
 * fittedLoss(binary({ loss: focal({ classBalance: 0 }) }), [900, 100]).loss // { kind: 'loss', name: 'focal', config: { alpha: 0.5 } }
 */
export function fittedLoss<T extends Task>(task: T, counts: readonly number[]): T {
  const { loss } = task;
  if (typeof loss !== 'object') return task;
  const { builder, config } = resolve<LossDefinition<unknown>>(loss);
  return builder.fit ? { ...task, loss: { ...loss, config: builder.fit(config, counts) } } : task;
}
