import { checkMembersOf, checkSpec, resolve, type RowLoss } from '@polytask/components';
import { kindOf } from '../task-kind.ts';
import type { Task, Tasks } from '../tasks.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { crossEntropy } from './cross-entropy.ts';
import type { GroupLossRunner, LossDefinition, LossSpec } from './loss.ts';
import { mse } from './regression.ts';

/** The losses that are there wherever a model is trained. Others are where they are imported, so that a page carries what it uses. */
const OWN: Readonly<Record<string, (config: object) => LossSpec>> = {
  'binary-cross-entropy': binaryCrossEntropy,
  'cross-entropy': crossEntropy,
  mse,
};

/**
 * The loss of a task: the one that it names, or that of its kind.
 *
 * @example lossOf(binary({ positiveWeight: 2 })) // { kind: 'loss', name: 'binary-cross-entropy', config: { positiveWeight: 2 } }
 */
export function lossOf(task: Task): LossSpec {
  const { loss = kindOf(task).loss() } = task;
  const { kind, name, config }: LossSpec = typeof loss === 'string' ? { kind: 'loss', name: loss, config: {} } : loss;
  return OWN[name]?.(config as object) ?? checkSpec('loss', { kind, name, config }, task.kind);
}

/**
 * The function of a loss.
 *
 * @throws PolytaskError when the loss isn't defined, or its options don't fit
 * @example rowLossOf(lossOf(regression()), 1)(3, 1, doubleMath) // 4
 */
export function rowLossOf(spec: LossSpec, outputs: number): RowLoss {
  const { builder, config } = definitionOf(spec);
  return checkMembersOf(spec, builder.build(config, outputs), []);
}

/** The computation of a loss that compares the rows of a group; undefined for a loss of single rows. */
export function groupLossOf(spec: LossSpec, outputs: number): GroupLossRunner | undefined {
  const { builder, config } = definitionOf(spec);
  return builder.group?.build(config, outputs);
}

const definitionOf = (spec: LossSpec) => resolve<LossDefinition<unknown>>(spec);

/**
 * The names of the tasks whose loss compares the rows of a group. Their batches need `groups`.
 *
 * @example groupedTasks({ click: binary({ loss: bpr() }), like: binary() }) // ['click']
 */
export function groupedTasks(tasks: Tasks): string[] {
  return Object.keys(tasks).filter((name) => definitionOf(lossOf(tasks[name]!)).builder.group);
}

/** @throws PolytaskError that says how rows get the groups that the loss of a task compares. @param what the rows without groups */
export const missingGroups = (task: Task, what: string): never =>
  definitionOf(lossOf(task)).builder.group!.missing(what);
