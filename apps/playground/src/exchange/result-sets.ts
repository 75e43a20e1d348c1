import { fail } from '@polytask/core';
import { readTrials, settingKey, type TrialResult } from '@polytask/study';

/** The trials of a file that have one setting. */
export interface ResultSet {
  /** The suite, with its setting where it has several. */
  readonly title: string;
  readonly trials: readonly TrialResult[];
}

/**
 * Reads a `results.jsonl` of the command line, or a `results.jsonl.gz`, and sorts its trials by setting.
 *
 * @throws PolytaskError as `readTrials`, and for a file without a trial
 */
export async function resultSets(file: File): Promise<ResultSet[]> {
  const trials = await readTrials(new Uint8Array(await file.arrayBuffer()), file.name);
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${file.name}`,
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
