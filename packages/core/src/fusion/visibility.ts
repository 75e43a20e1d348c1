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

const NAMES = ['own', 'own+shared', 'all'];
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
  value.every(
    (row) => Array.isArray(row) && row.every((cell) => cell === 0 || cell === 1 || typeof cell === 'boolean'),
  );

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
  const native = (unit: string, expert: ExpertPosition) => expert.unit === unit;
  if (sees === 'own') return outputs.map((unit) => experts.map((expert) => native(unit, expert)));
  if (sees === 'all') return outputs.map(() => experts.map(() => true));
  if (sees === 'own+shared') {
    return outputs.map((unit) =>
      experts.map((expert) => unit === SHARED || native(unit, expert) || expert.kind === 'shared'),
    );
  }
  if (sees.length !== outputs.length || sees.some((row) => row.length !== experts.length)) {
    fail({
      expected: `a visibility of ${outputs.length} units × ${experts.length} experts`,
      received: `${sees.length} × ${[...new Set(sees.map((row) => row.length))].join(' and ')}`,
      fix: `Rows are ${outputs.join(', ')}; columns ${experts.map((e) => `${e.unit}.${e.index}`).join(', ')}.`,
    });
  }
  return sees.map((row) => row.map(Boolean));
}
