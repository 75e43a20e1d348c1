import { fail } from '@polytask/core';
import { lastOfEach, parseTrial, settingKey, type TrialResult } from '@polytask/study';

/** The trials of a file that have one setting. */
export interface ResultSet {
  /** The suite, with its setting where it has several. */
  readonly title: string;
  readonly trials: readonly TrialResult[];
}

/**
 * Reads a `results.jsonl` of the command line, and sorts its trials by setting. A last line without an end is left out: its writer was
 * stopped.
 *
 * @param name the name of the file, for messages
 * @throws PolytaskError for a line that is no trial or was changed, and for a file without one
 */
export async function resultSets(text: string, name: string): Promise<ResultSet[]> {
  const lines = text.split('\n').slice(0, -1);
  const trials = lastOfEach(await Promise.all(lines.map((line, i) => parseTrial(line, `${name}:${i + 1}`))));
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${name}`,
      received: 'none',
      mend: 'Drop the results.jsonl of a run with --out.',
    });
  const sets = new Map<string, TrialResult[]>();
  for (const trial of trials) sets.set(settingKey(trial), [...(sets.get(settingKey(trial)) ?? []), trial]);
  return [...sets.values()].map((own) => {
    const { suite, setting, engine } = own[0]!;
    return { title: [suite, setting, engine].filter(Boolean).join(', '), trials: own };
  });
}

/** Trials as a `results.jsonl`. */
export const asResults = (trials: readonly TrialResult[]): string =>
  trials.map((trial) => `${JSON.stringify(trial)}\n`).join('');
