/** The name of the shared unit, and of its lane. */
export const SHARED = 'shared';

/**
 * A lane of a fusion level: a task's own, a shared one, or one of a pool. Its experts read the lane's vector; its gate
 * gives the lane's next one.
 */
export interface Unit {
  readonly name: string;
  readonly kind: 'task' | 'shared' | 'pool';
  /** How many experts are native to it. */
  readonly experts: number;
}

/** How many experts each task has: the same number, one number a task in their order, or a number by name. */
export type PerTask = number | readonly number[] | Readonly<Record<string, number>>;

/** A unit for each task. */
export const ownUnits = (tasks: readonly string[], perTask: PerTask = 1): Unit[] =>
  tasks.map((name, i) => ({ name, kind: 'task', experts: countOf(perTask, name, i) }));

/** The shared unit; no unit at all when it has no experts. */
export const sharedUnit = (experts: number): Unit[] => (experts === 0 ? [] : [{ name: SHARED, kind: 'shared', experts }]);

/** `experts` units of one expert each, that belong to no task. */
export const poolUnits = (experts: number): Unit[] =>
  Array.from({ length: experts }, (_, i) => ({ name: `pool${i}`, kind: 'pool', experts: 1 }));

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
  return (Array.isArray(perTask) ? counts[index] : counts[task]) ?? NaN;
}
