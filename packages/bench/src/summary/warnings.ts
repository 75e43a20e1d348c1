import { failureWarning } from '../guards/divergence-guard.ts';
import type { Warning } from '../guards/warning.ts';
import type { Failure } from '../run-options.ts';
import type { Trial } from '../trials/trial.ts';

/** A warning of some trials of a model. */
export interface ModelWarning extends Warning {
  readonly model: string;
  readonly seeds: readonly number[];
}

/** The warnings of trials and failures, those of a model that say the same together. */
export function warningsOf(trials: readonly Trial[], failures: readonly Failure[]): ModelWarning[] {
  const found = new Map<string, { model: string; seeds: number[] } & Warning>();
  const add = (model: string, seed: number, { guard, message }: Warning) => {
    const key = JSON.stringify([model, guard, message]);
    const known = found.get(key) ?? { model, seeds: [], guard, message };
    known.seeds.push(seed);
    found.set(key, known);
  };
  for (const { model, seed, warnings } of trials) for (const warning of warnings) add(model, seed, warning);
  for (const { model, seed, error } of failures) add(model, seed, failureWarning(error));
  return [...found.values()];
}
