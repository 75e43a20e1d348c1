import type { Options } from '../specs/options.ts';
import { aboutOf, createSpec, register, registered, type About, type Spec } from '../specs/registry.ts';
import type { Task } from '../tasks/tasks.ts';
import type { LossMath } from './loss-math.ts';

/** A loss as plain JSON; see {@link defineLoss}. */
export type LossSpec<C = unknown> = Spec<'loss', C>;

/**
 * The loss of a row, before its sample weight.
 *
 * @param z the outputs: [(tasks,) batch] for a task with one, [(tasks,) batch, outputs] for others
 * @param y the encoded labels, [(tasks,) batch]: 0 or 1, the index of the class, or a standardized number
 * @returns [(tasks,) batch]
 */
export type RowLoss = <V>(z: V, y: V, math: LossMath<V>) => V;

/** Options of {@link defineLoss}. */
export interface DefineLossOptions<C = unknown> extends About {
  /** The kinds of task that it is for. */
  readonly tasks: readonly Task['kind'][];
  /** Gives a check for each option of the configuration. {@link checks} has the common checks. */
  readonly options?: () => Options<C>;
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
 * const cauchy = defineLoss<{ scale?: number }>('my-package/cauchy', ({ scale = 1 }) =>
 *   (z, y, { add, div, log, square, sub }) => log(add(square(div(sub(z, y), scale)), 1)), { tasks: ['regression'] });
 * regression({ loss: cauchy({ scale: 2 }) });
 */
export function defineLoss<C extends object>(
  name: string,
  build: BuildLoss<C>,
  { options, ...about }: DefineLossOptions<C>,
): (config?: C) => LossSpec<C> {
  register('loss', name, build, options?.(), about);
  return (config) => createSpec('loss', name, config ?? ({} as C));
}

/**
 * The losses for a kind of task, in the order of their definition.
 *
 * @example lossesFor('regression').includes('huber') // true
 */
export const lossesFor = (kind: Task['kind']): string[] =>
  registered('loss').filter((name) => aboutOf('loss', name).tasks?.includes(kind));
