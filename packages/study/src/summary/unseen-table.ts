import type { TrialResult } from '../trials/trial-result.ts';
import { scoreTableOf } from './score-table.ts';
import type { UnseenTable } from './summary.ts';

/**
 * The table of scores on the test rows whose features occur in no training row: that of the same trials, had they been
 * measured on these rows alone.
 *
 * @returns undefined where no trial has such scores
 */
export function unseenTableOf(
  byModel: ReadonlyMap<string, readonly TrialResult[]>,
  baseline: string,
): UnseenTable | undefined {
  const parts = [...byModel.values()].flat().flatMap(({ unseen }) => unseen ?? []);
  if (parts.length === 0) return undefined;
  const measured = [...byModel]
    .map(([model, trials]) => [model, trials.flatMap(onUnseen)] as const)
    .filter(([, trials]) => trials.length > 0);
  const counts = parts.map(({ rows }) => rows);
  return {
    rows: { least: Math.min(...counts), most: Math.max(...counts) },
    share: parts.reduce((sum, { rows, of }) => sum + rows / of, 0) / parts.length,
    ...scoreTableOf(new Map(measured), baseline),
  };
}

const onUnseen = (trial: TrialResult): TrialResult[] =>
  trial.unseen ? [{ ...trial, metrics: trial.unseen.metrics, rowIntervals: {} }] : [];
