import {
  either,
  fail,
  isObject,
  listOf,
  readOptions,
  type ReadValue,
  record,
  recordOf,
  shown,
  wholeNumber,
  custom,
  suggestion,
} from '@polytask/components';
import { SHARED } from '../tasks/tasks.ts';
import type { ExpertSpec } from './expert.ts';

/** A lane of a fusion level with the experts that are native to it: they read its vector, and the gate computes its next one. */
export interface Unit {
  readonly name: string;
  /**
   * - `own`: the unit of a task, a group of tasks or a branch;
   * - `shared`: a unit whose experts all tasks may use;
   * - `pool`: an expert of a pool. A list of expert specs is taken in turn over the whole pool.
   */
  readonly kind: 'own' | 'shared' | 'pool';
  readonly experts: number;
  /** The lanes that the experts read, concatenated. Default: the lane with the unit's name. */
  readonly reads?: readonly string[];
  /** The kind of the unit's experts. Default: the experts of the level. */
  readonly expert?: ExpertSpec;
}

export const lanesOf = ({ name, reads = [name] }: Unit): readonly string[] => reads;

/** A {@link PerTask}. {@link ownUnits} compares it with the names of the tasks. */
export const perTaskCounts = either(wholeNumber(), listOf(wholeNumber()), record(wholeNumber()));

/** The number of experts per task: one number for all tasks, a list in the order of the tasks, or an object by task name. */
export type PerTask = ReadValue<typeof perTaskCounts>;

/**
 * Creates a unit for each task.
 *
 * @throws PolytaskError when a list has another length than `tasks`, or a record lacks a task or has an unknown one
 * @example ownUnits(['click', 'buy'], { click: 1, buy: 2 })
 */
export function ownUnits(tasks: readonly string[], perTask: PerTask = 1): Unit[] {
  perTaskCounts.read(perTask, 'perTask');
  if (Array.isArray(perTask) && perTask.length !== tasks.length) {
    fail({
      expected: `perTask to have ${tasks.length} numbers, one for each of ${tasks.join(', ')}`,
      received: shown(perTask),
      fix: 'Give one number, a number for each task in their order, or a number by task name.',
    });
  }
  const byName = recordOf(tasks, () => wholeNumber());
  if (isObject(perTask)) readOptions(perTask, byName, 'perTask');
  return tasks.map((name, i) => ({ name, kind: 'own', experts: countOf(perTask, name, i) }));
}

/**
 * Creates the shared unit, or no unit when `experts` is 0.
 *
 * @returns a list with one unit or none
 * @throws PolytaskError when `experts` is not a whole number
 * @example [...ownUnits(tasks, 2), ...sharedUnit(1)]
 */
export function sharedUnit(experts: number): Unit[] {
  wholeNumber().read(experts, 'the shared unit');
  return experts === 0 ? [] : [{ name: SHARED, kind: 'shared', experts }];
}

/**
 * Creates a pool: `experts` units with one expert each, which belong to no task.
 *
 * @throws PolytaskError when `experts` is not a positive whole number
 * @example poolUnits(4).map(({ name }) => name) // ['pool0', 'pool1', 'pool2', 'pool3']
 */
export function poolUnits(experts: number): Unit[] {
  wholeNumber(1).read(experts, 'the pool');
  return Array.from({ length: experts }, (_, i) => ({ name: `pool${i}`, kind: 'pool', experts: 1 }));
}

/** The place of an expert: its unit, and its index among the experts of the unit. */
export interface ExpertPosition {
  readonly unit: string;
  readonly kind: Unit['kind'];
  readonly index: number;
}

/** The places of all experts of a level, in the order of the columns of W. */
export const expertPositions = (units: readonly Unit[]): ExpertPosition[] =>
  units.flatMap(({ name, kind, experts }) =>
    Array.from({ length: experts }, (_, index) => ({ unit: name, kind, index })),
  );

function countOf(perTask: PerTask, task: string, index: number): number {
  if (typeof perTask === 'number') return perTask;
  const counts = perTask as readonly number[] & Record<string, number>;
  return (Array.isArray(perTask) ? counts[index] : counts[task])!;
}

/**
 * The experts that a unit may use:
 * - `own`: the experts of the unit;
 * - `own+shared`: the experts of the unit and of the shared unit. The shared unit itself may use all experts (PLE);
 * - `all`: every expert of the level;
 * - a matrix, unit × expert, in the order of the level's outputs and experts.
 */
export type Visibility = 'own' | 'own+shared' | 'all' | readonly (readonly (boolean | 0 | 1)[])[];

const RULES: Readonly<Record<string, (unit: string, expert: ExpertPosition) => boolean>> = {
  own: (unit, expert) => expert.unit === unit,
  'own+shared': (unit, expert) => unit === SHARED || expert.unit === unit || expert.kind === 'shared',
  all: () => true,
};

const NAMES = Object.keys(RULES);
const WORDS = 'a visibility (own, own+shared, all, or a matrix of 1 and 0)';

/** A {@link Visibility}. The shape of a matrix is checked when the model is built. */
export const visibility = custom<Visibility>(
  (value, where) => {
    if (NAMES.some((name) => name === value) || isMatrix(value)) return;
    fail({
      expected: `${WORDS} for ${where}`,
      received: shown(value),
      fix:
        typeof value === 'string'
          ? suggestion(value, NAMES)
          : 'A matrix has a row for each unit, a column for each expert.',
    });
  },
  { words: WORDS },
);

const isMatrix = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((row) => Array.isArray(row) && row.every((cell) => [0, 1, true, false].includes(cell as number)));

/** A visibility as a matrix, [outputs][experts]. */
export function visibleExperts(
  sees: Visibility,
  outputs: readonly string[],
  experts: readonly ExpertPosition[],
): boolean[][] {
  visibility.read(sees, 'a gate');
  if (typeof sees === 'string') return outputs.map((unit) => experts.map((expert) => RULES[sees]!(unit, expert)));
  if (sees.length !== outputs.length || sees.some((row) => row.length !== experts.length)) {
    fail({
      expected: `a visibility of ${outputs.length} units × ${experts.length} experts`,
      received: `${sees.length} × ${[...new Set(sees.map((row) => row.length))].join(' and ')}`,
      fix: `Rows are ${outputs.join(', ')}; columns ${experts.map((e) => `${e.unit}.${e.index}`).join(', ')}.`,
    });
  }
  return sees.map((row) => row.map(Boolean));
}
