import { differenceRows, type Summary, type TrialResult } from '@polytask/study';

/** A claim on the difference between a model and the baseline in a task's first metric. */
interface VerdictClaim {
  readonly model: string;
  readonly task: string;
  readonly verdict: 'better' | 'worse' | 'no difference';
}

/** A claim on the effective experts of all tasks, for each seed. */
interface ExpertsClaim {
  readonly model: string;
  /** The 1-based level. */
  readonly level: number;
  readonly effectiveExperts: { readonly least: number; readonly most: number };
}

export type Claim = VerdictClaim | ExpertsClaim;

/** @returns what a run shows in place of a claim; undefined where the claim holds */
export function contradiction(claim: Claim, summary: Summary, trials: readonly TrialResult[]): string | undefined {
  if ('verdict' in claim) {
    const row = differenceRows(summary).find(({ model, task }) => model === claim.model && task === claim.task);
    if (row?.verdict === claim.verdict) return undefined;
    return `${claim.model} on ${claim.task}: ${row?.verdict ?? 'no trial'}, and not ${claim.verdict}`;
  }
  const { least, most } = claim.effectiveExperts;
  const own = trials.filter(({ model }) => model === claim.model);
  const numbers = own.flatMap(({ fusion }) => fusion[claim.level - 1]?.effectiveExperts ?? []);
  if (numbers.length > 0 && numbers.every((number) => number >= least && number <= most)) return undefined;
  return `${claim.model}, level ${claim.level}: ${numbers.join(', ')} effective experts, and not ${least} to ${most}`;
}
