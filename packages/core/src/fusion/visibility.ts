import { custom, fail, shown, suggestion } from '@polytask/components';
import { SHARED } from '../tasks/tasks.ts';
import type { ExpertPosition } from './units.ts';

/**
 * The experts that a unit may use:
 * - `own`: the experts of the unit;
 * - `own+shared`: the experts of the unit and of the shared unit. The shared unit itself may use all experts (PLE);
 * - `all`: every expert of the level;
 * - a matrix, unit × expert, in the order of the level's outputs and experts.
 */
export type Visibility = 'own' | 'own+shared' | 'all' | readonly (readonly (boolean | 0 | 1)[])[];

/** Whether a unit may use an expert. */
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

/**
 * Converts a visibility to a matrix, [outputs][experts].
 *
 * @throws PolytaskError when the value is not a visibility, or a matrix of another shape
 * @example visibleExperts('own', ['a', 'b'], expertPositions(ownUnits(['a', 'b']))) // [[true, false], [false, true]]
 */
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
