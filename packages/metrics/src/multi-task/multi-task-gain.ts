import { mean, recordOf } from '@polytask/components';
import { MetricError, requireChoice, show } from '../metric-error.ts';

/** One number for each task, by task name or in a list. */
export type TaskValues = Readonly<Record<string, number>> | readonly number[];

type PerTask<Tasks, Value> = { readonly [Task in keyof Tasks]: Value };

/** Whether a higher or a lower value of the task's metric is better: for each task, or one for all. */
export type TaskDirections<Tasks> = PerTask<Tasks, 'higher' | 'lower'> | 'higher' | 'lower';

export interface MultiTaskGain<Tasks> {
  /** The relative gain of each task, as a fraction: .01 is 1% better than the baseline. */
  readonly perTask: { -readonly [Task in keyof Tasks]: number };
  /** Δm, the mean over tasks. */
  readonly mean: number;
}

const WHERE = 'multiTaskGain';

const read = (values: object, noun: string, task: string): number => {
  const value: unknown = Object.hasOwn(values, task) ? (values as Record<string, unknown>)[task] : undefined;
  if (typeof value === 'number' && Math.abs(value) !== Infinity) return value;
  throw new MetricError(
    WHERE,
    `${noun}[${show(task)}] = ${show(value)}`,
    'a finite number, or NaN for an undefined metric',
    'Give each task its value of one and the same metric.',
  );
};

const requireSameTasks = (tasks: readonly string[], values: unknown, noun: string): void => {
  const names = typeof values === 'object' && values !== null ? Object.keys(values) : undefined;
  if (names?.length === tasks.length && tasks.every((task) => names.includes(task))) return;
  throw new MetricError(
    WHERE,
    names ? `${noun} for tasks [${names.join(', ')}]` : `${show(values)} for ${noun}`,
    `the tasks of the model: [${tasks.join(', ')}]`,
    'Give model, baseline and directions the same tasks.',
  );
};

/**
 * Multi-task gain Δm: the mean over tasks of the relative difference to a baseline, usually single-task models. The sign is
 * positive where the model is better: Δ_t = ± (model_t − baseline_t) / |baseline_t|.
 *
 * Paper: Maninis, Radosavovic & Kokkinos 2019, "Attentive single-tasking of multiple tasks", Δm (there in percent).
 *
 * @param model value of each task's metric: `{ income: .95, … }` or a list
 * @param baseline the baseline's values, same tasks
 * @param directions `'higher'` or `'lower'` for each task, or one for all
 * @returns fractions. NaN for a task, and for the mean, if one of its values is NaN or the baseline is 0
 * @throws MetricError on tasks that differ, no tasks, infinite values, unknown directions
 * @example
 * multiTaskGain(
 *   { ctr: 0.88, dwell: 1.9 },
 *   { ctr: 0.8, dwell: 2 },
 *   { ctr: 'higher', dwell: 'lower' },
 * ); // { perTask: { ctr: 0.1, dwell: 0.05 }, mean: 0.075 }
 */
export const multiTaskGain = <const Tasks extends TaskValues>(
  model: Tasks,
  baseline: PerTask<Tasks, number>,
  directions: TaskDirections<Tasks>,
): MultiTaskGain<Tasks> => {
  const tasks = typeof model === 'object' && model !== null ? Object.keys(model) : [];
  if (tasks.length === 0) {
    throw new MetricError(
      WHERE,
      `${show(model)} without tasks`,
      'a value for at least one task',
      'Pass e.g. { income: 0.95 } or [0.95].',
    );
  }
  requireSameTasks(tasks, baseline, 'baseline');
  if (typeof directions !== 'string') requireSameTasks(tasks, directions, 'directions');

  const gains = recordOf(tasks, (task) => {
    const direction = typeof directions === 'string' ? directions : (directions as Record<string, unknown>)[task];
    requireChoice(WHERE, `directions[${show(task)}]`, direction, ['higher', 'lower']);
    const base = read(baseline, 'baseline', task);
    const difference = read(model, 'model', task) - base;
    return base === 0 ? NaN : ((direction === 'higher' ? 1 : -1) * difference) / Math.abs(base);
  });
  const perTask = Array.isArray(model) ? Object.values(gains) : gains;
  return { perTask: perTask as MultiTaskGain<Tasks>['perTask'], mean: mean(Object.values(gains)) };
};
