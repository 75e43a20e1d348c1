import { fail, suggestion } from '../errors/errors.ts';
import { SHARED, type ExpertPlace } from './units.ts';

/**
 * Which experts a unit may take from:
 * - `own`: those native to it;
 * - `own+shared`: those and the shared unit's; the shared unit itself sees all (PLE);
 * - `all`: every expert of the level;
 * - a matrix, unit × expert, in the order of the level's outputs and experts.
 */
export type Visibility = 'own' | 'own+shared' | 'all' | readonly (readonly (boolean | 0 | 1)[])[];

/** A visibility spelled out, [outputs][experts]. */
export function visibleExperts(
  sees: Visibility,
  outputs: readonly string[],
  experts: readonly ExpertPlace[],
): boolean[][] {
  const native = (unit: string, expert: ExpertPlace) => expert.unit === unit;
  if (sees === 'own') return outputs.map((unit) => experts.map((expert) => native(unit, expert)));
  if (sees === 'all') return outputs.map(() => experts.map(() => true));
  if (sees === 'own+shared') {
    return outputs.map((unit) =>
      experts.map((expert) => unit === SHARED || native(unit, expert) || expert.kind === 'shared'),
    );
  }
  if (typeof sees === 'string') {
    return fail({
      expected: 'a visibility: own, own+shared, all, or a matrix',
      received: `"${String(sees)}"`,
      mend: suggestion(sees, ['own', 'own+shared', 'all']),
    });
  }
  if (sees.length !== outputs.length || sees.some((row) => row.length !== experts.length)) {
    fail({
      expected: `a visibility of ${outputs.length} units × ${experts.length} experts`,
      received: `${sees.length} × ${[...new Set(sees.map((row) => row.length))].join(' and ')}`,
      mend: `Rows are ${outputs.join(', ')}; columns ${experts.map((e) => `${e.unit}.${e.index}`).join(', ')}.`,
    });
  }
  return sees.map((row) => row.map(Boolean));
}
