import { BalancingError, shown } from './balancing-error.ts';

/** Throws unless the options are known by name. */
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

/** Throws unless it is a finite number that fits. @param says what numbers fit, such as `above 0` */
export function checkNumber(value: unknown, where: string, says: string, fits: (value: number) => boolean): void {
  if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return;
  throw new BalancingError(`a number ${says} for ${where}`, shown(value), 'Give it such a number.');
}

export const checkPositive = (value: unknown, where: string): void =>
  checkNumber(value, where, 'above 0', (x) => x > 0);
export const checkNotNegative = (value: unknown, where: string): void =>
  checkNumber(value, where, 'of 0 or more', (x) => x >= 0);

/** A number for each task: one for all, one each in the tasks' order, or by name. */
export type TaskNumbers = number | readonly number[] | Readonly<Record<string, number>>;

/** Throws unless each number fits; the tasks are known to {@link ofTasks} alone. */
export function checkTaskNumbers(value: unknown, where: string, check: (value: unknown, where: string) => void): void {
  if (typeof value !== 'object' || value === null) return check(value, where);
  for (const [key, number] of Object.entries(value)) check(number, `${where}.${key}`);
}

/** The numbers in the tasks' order. @throws BalancingError when a task has none, or one is of no task */
export function ofTasks(value: TaskNumbers, tasks: readonly string[], where: string): number[] {
  if (typeof value === 'number') return tasks.map(() => value);
  const given = Array.isArray(value)
    ? (value as readonly number[]).length
    : Object.keys(value).filter((name) => tasks.includes(name)).length;
  const extra = Array.isArray(value) ? undefined : Object.keys(value).find((name) => !tasks.includes(name));
  if (given !== tasks.length || extra !== undefined) {
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
