import { failureWarning } from '../guards/training-guards.ts';
import type { DataNote, Warning } from '../guards/warning.ts';
import type { Failure } from '../trials/run-listener.ts';
import type { TrialResult } from '../trials/trial-result.ts';

/** A warning of some trials of a model, or of the data. */
export interface ModelWarning extends Warning {
  /** Undefined where it is of the data. */
  readonly model: string | undefined;
  readonly seeds: readonly number[];
}

/** The warnings of the data, and of trials and failures, those of a model that say the same together. */
export function warningsOf(
  trials: readonly TrialResult[],
  failures: readonly Failure[],
  notes: readonly DataNote[] = [],
): ModelWarning[] {
  const found = new Map<string, { model: string; seeds: number[] } & Warning>();
  const add = (model: string, seed: number, { guard, message, task }: Warning) => {
    const key = JSON.stringify([model, guard, message, task]);
    const known = found.get(key) ?? { model, seeds: [], guard, message, ...(task !== undefined && { task }) };
    known.seeds.push(seed);
    found.set(key, known);
  };
  for (const { model, seed, warnings } of trials) for (const warning of warnings) add(model, seed, warning);
  for (const { model, seed, error } of failures) add(model, seed, failureWarning(error));
  return [
    ...notes.map((note): ModelWarning => ({
      model: undefined,
      seeds: [],
      guard: 'data',
      ...(typeof note === 'string' ? { message: note } : note),
    })),
    ...found.values(),
  ];
}
