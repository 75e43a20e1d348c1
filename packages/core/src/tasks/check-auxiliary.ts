import { fail } from '../errors/errors.ts';
import { shown } from '../specs/shown.ts';

/** Throws unless the value says how much each auxiliary loss counts. */
export function checkAuxiliary(weights: Readonly<Record<string, number>> | undefined): void {
  for (const [name, weight] of Object.entries(weights ?? {})) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    fail({
      expected: `a weight of zero or more for the auxiliary loss "${name}"`,
      received: shown(weight),
      mend: 'With 0 it is shown as 0 and trains nothing.',
    });
  }
}
