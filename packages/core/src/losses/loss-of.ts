import { fail, suggestion } from '../errors/errors.ts';
import { aboutOf, builderOf, checkSpec } from '../specs/registry.ts';
import type { Task } from '../tasks/tasks.ts';
import { crossEntropy } from './cross-entropy.ts';
import { huber } from './huber.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { lossesFor, type BuildLoss, type LossSpec, type RowLoss } from './loss.ts';
import { absolute, squared } from './squared.ts';

/** The losses of tasks that name none, and those that earlier versions knew by name: they are there wherever a model is trained. */
const DEFAULTS = { binary: binaryCrossEntropy, multiclass: crossEntropy, regression: squared };
const NAMED: Readonly<Record<string, (() => LossSpec) | undefined>> = { squared, absolute, huber };

/**
 * The loss of a task: the one that it names, or that of its kind.
 *
 * @example lossOf(binary({ positiveWeight: 2 })) // { kind: 'loss', name: 'binary-cross-entropy', config: { positiveWeight: 2 } }
 */
export function lossOf(task: Task): LossSpec {
  const { loss } = task;
  if (typeof loss === 'string') return NAMED[loss]?.() ?? { kind: 'loss', name: loss, config: {} };
  if (loss) return loss;
  const weighted = task.kind === 'binary' && task.positiveWeight !== undefined;
  return weighted ? binaryCrossEntropy({ positiveWeight: task.positiveWeight! }) : DEFAULTS[task.kind]();
}

/**
 * Checks the loss that a task names.
 *
 * @param where the name of the option in error messages
 * @throws PolytaskError when no such loss is defined, it isn't for this kind of task, or its options don't fit
 */
export function checkLoss(kind: Task['kind'], value: unknown, where: string): void {
  const known = lossesFor(kind);
  if (typeof value !== 'string') checkSpec('loss', value, where);
  const spec = typeof value === 'string' ? { kind: 'loss' as const, name: value, config: {} } : (value as LossSpec);
  if (!known.includes(spec.name)) {
    const { tasks } = aboutOf('loss', spec.name);
    fail({
      expected: `a loss for ${kind} tasks for ${where}`,
      received: `"${spec.name}"${tasks ? `, which is for ${tasks.join(', ')}` : ''}`,
      mend: `${suggestion(spec.name, known)}${tasks ? '' : ' Import the package or file that defines it first.'}`,
    });
  }
  builderOf(spec); // checks its options
}

/**
 * The function of a loss.
 *
 * @param outputs how many outputs the task has
 * @throws PolytaskError when the loss isn't defined, or its options don't fit
 * @example rowLossOf(lossOf(regression()), 1)(3, 1, doubleMath) // 4
 */
export const rowLossOf = (spec: LossSpec, outputs: number): RowLoss =>
  builderOf<BuildLoss<unknown>>(spec)(spec.config, outputs);
