import { BalancingError, shown } from './balancing-error.ts';

/** Throws when an option has an unknown name. */
export function checkNames(options: unknown, names: readonly string[], where: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new BalancingError(
      `an object with the options of ${where}`,
      shown(options),
      `Its options are ${names.join(', ')}.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new BalancingError(`an option of ${where}`, `"${unknown}"`, `Its options are ${names.join(', ')}.`);
}

/**
 * Throws unless the value is a finite number for which `fits` is true.
 *
 * @param says the allowed numbers in words, such as `above 0`
 */
export function checkNumber(value: unknown, where: string, says: string, fits: (value: number) => boolean): void {
  if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return;
  throw new BalancingError(`a number ${says} for ${where}`, shown(value), 'Give it such a number.');
}

export const checkPositive = (value: unknown, where: string): void =>
  checkNumber(value, where, 'above 0', (x) => x > 0);
export const checkNotNegative = (value: unknown, where: string): void =>
  checkNumber(value, where, 'of 0 or more', (x) => x >= 0);

/** A number for each task: one number for all tasks, a list in the order of the tasks, or numbers by task name. */
export type TaskNumbers = number | readonly number[] | Readonly<Record<string, number>>;

/** Throws unless each number passes the check. {@link ofTasks} compares the names with the tasks. */
export function checkTaskNumbers(value: unknown, where: string, check: (value: unknown, where: string) => void): void {
  if (typeof value !== 'object' || value === null) return check(value, where);
  for (const [key, number] of Object.entries(value)) check(number, `${where}.${key}`);
}

/**
 * The numbers in the order of the tasks.
 *
 * @throws BalancingError when a task has no number, or a number belongs to no task
 */
export function ofTasks(value: TaskNumbers, tasks: readonly string[], where: string): number[] {
  if (typeof value === 'number') return tasks.map(() => value);
  const count = Array.isArray(value)
    ? (value as readonly number[]).length
    : Object.keys(value).filter((name) => tasks.includes(name)).length;
  const extra = Array.isArray(value) ? undefined : Object.keys(value).find((name) => !tasks.includes(name));
  if (count !== tasks.length || extra !== undefined) {
    throw new BalancingError(
      `a number for each task (${tasks.join(', ')}) for ${where}`,
      shown(value),
      'Give one a task, or a single one for all.',
    );
  }
  return Array.isArray(value)
    ? [...(value as readonly number[])]
    : tasks.map((task) => (value as Record<string, number>)[task]!);
}
