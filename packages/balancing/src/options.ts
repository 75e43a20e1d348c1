import { either, fail, listOf, record, shown, type Option } from '@polytask/components';

/** A number for each task: one number for all tasks, a list in the order of the tasks, or an object by task name. */
export type TaskNumbers = number | readonly number[] | Readonly<Record<string, number>>;

/** {@link ofTasks} compares the names with the tasks. */
export const taskNumbers = (each: Option<number>) => either(each, listOf(each), record(each));

/** The numbers in the order of the tasks. @throws PolytaskError when a task has no number, or a number belongs to no task */
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
