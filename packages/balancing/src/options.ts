import { fail, isObject, listOf, record, shown, type Check } from '@polytask/components';

/** A number for each task: one number for all tasks, a list in the order of the tasks, or an object by task name. */
export type TaskNumbers = number | readonly number[] | Readonly<Record<string, number>>;

/** Checks each number. {@link ofTasks} compares the names with the tasks. */
export const taskNumbers =
  (check: Check<number>): Check<TaskNumbers> =>
  (value, where) =>
    Array.isArray(value)
      ? listOf(check)(value, where)
      : isObject(value)
        ? record(check)(value, where)
        : check(value, where);

/**
 * The numbers in the order of the tasks.
 *
 * @throws PolytaskError when a task has no number, or a number belongs to no task
 */
export function ofTasks(value: TaskNumbers, tasks: readonly string[], where: string): number[] {
  if (typeof value === 'number') return tasks.map(() => value);
  const isList = Array.isArray(value);
  const names = isList ? tasks.slice(0, value.length) : Object.keys(value);
  const isWhole = tasks.every((task) => names.includes(task)) && names.every((name) => tasks.includes(name));
  if (!isWhole || (isList && value.length !== tasks.length)) {
    fail({
      expected: `a number for each task (${tasks.join(', ')}) for ${where}`,
      received: shown(value),
      fix: 'Give one a task, or a single one for all.',
    });
  }
  return isList ? [...(value as readonly number[])] : tasks.map((task) => (value as Record<string, number>)[task]!);
}
