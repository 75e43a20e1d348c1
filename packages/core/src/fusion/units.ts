import { fail, suggestion, shown } from '../errors/errors.ts';
import { wholeNumber } from '../specs/checks.ts';
import type { Check } from '../specs/options.ts';

/** The name of the shared unit, and of its lane. */
export const SHARED = 'shared';

/**
 * A lane of a fusion level: a task's own, a shared one, or one of a pool. Its experts read the lane's vector; its gate
 * gives the lane's next one.
 */
export interface Unit {
  readonly name: string;
  /** 'own' has experts of a task, of a group of tasks or of a branch; all see a 'shared' one; a list of experts goes round a 'pool'. */
  readonly kind: 'own' | 'shared' | 'pool';
  /** How many experts are native to it. */
  readonly experts: number;
  /** The lanes that its experts read, side by side. By default the one of its own name. */
  readonly reads?: readonly string[];
}

/** The lanes that a unit's experts read. */
export const lanesOf = ({ name, reads = [name] }: Unit): readonly string[] => reads;

/** How many experts each task has: the same number, one number a task in their order, or a number by name. */
export type PerTask = number | readonly number[] | Readonly<Record<string, number>>;

/** Throws unless the value can say how many experts each task has; the tasks are known to {@link ownUnits} alone. */
export const checkPerTask: Check = (value, where) => {
  const counts = typeof value === 'object' && value !== null ? Object.entries(value) : [['', value] as const];
  for (const [key, count] of counts) {
    wholeNumber()(count, key === '' ? where : Array.isArray(value) ? `${where}[${key}]` : `${where}.${key}`);
  }
};

/**
 * A unit for each task.
 *
 * @throws PolytaskError when a list has another length than `tasks`, or a record lacks a task or has one too many
 */
export function ownUnits(tasks: readonly string[], perTask: PerTask = 1): Unit[] {
  checkPerTask(perTask, 'perTask');
  if (Array.isArray(perTask) && perTask.length !== tasks.length) {
    fail({
      expected: `perTask to have ${tasks.length} numbers, one for each of ${tasks.join(', ')}`,
      received: shown(perTask),
      mend: 'Give one number for all, a number for each task in their order, or numbers by task name.',
    });
  }
  if (typeof perTask === 'object' && !Array.isArray(perTask)) checkNames(Object.keys(perTask), tasks);
  return tasks.map((name, i) => ({ name, kind: 'own', experts: countOf(perTask, name, i) }));
}

/** The shared unit; no unit at all when it has no experts. */
export function sharedUnit(experts: number): Unit[] {
  wholeNumber()(experts, 'the shared unit');
  return experts === 0 ? [] : [{ name: SHARED, kind: 'shared', experts }];
}

/** `experts` units of one expert each, that belong to no task. */
export function poolUnits(experts: number): Unit[] {
  wholeNumber(1)(experts, 'the pool');
  return Array.from({ length: experts }, (_, i) => ({ name: `pool${i}`, kind: 'pool', experts: 1 }));
}

/** An expert's place: the unit that it is native to, and which of the unit's experts it is. */
export interface ExpertPlace {
  readonly unit: string;
  readonly kind: Unit['kind'];
  readonly index: number;
}

/** All experts of a level, in the order of the columns of W. */
export const expertPlaces = (units: readonly Unit[]): ExpertPlace[] =>
  units.flatMap(({ name, kind, experts }) =>
    Array.from({ length: experts }, (_, index) => ({ unit: name, kind, index })),
  );

function countOf(perTask: PerTask, task: string, index: number): number {
  if (typeof perTask === 'number') return perTask;
  const counts = perTask as readonly number[] & Record<string, number>;
  return (Array.isArray(perTask) ? counts[index] : counts[task])!;
}

function checkNames(given: readonly string[], tasks: readonly string[]): void {
  const unknown = given.find((name) => !tasks.includes(name));
  if (unknown !== undefined) {
    fail({ expected: 'tasks of the model in perTask', received: `"${unknown}"`, mend: suggestion(unknown, tasks) });
  }
  const missing = tasks.find((name) => !given.includes(name));
  if (missing !== undefined) {
    fail({
      expected: 'a number of experts for every task in perTask',
      received: `none for "${missing}"`,
      mend: 'Add it, or give one number for all tasks.',
    });
  }
}
