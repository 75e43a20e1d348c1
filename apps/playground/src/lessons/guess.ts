import { differenceRows, type Summary, type TrialResult } from '@polytask/study';
import type { Claim } from './claim.ts';

/** A question on a lesson's run, which a visitor answers before it. */
export interface Guess {
  readonly question: string;
  readonly options: readonly string[];
  /** The option that a run shows. Undefined if the run has no such trial. */
  outcome(summary: Summary, trials: readonly TrialResult[]): string | undefined;
}

/** The bounds of a guess at a number of experts, as shares of all. */
const FEW = 0.4;
const MANY = 0.75;

/**
 * The question that a claim answers.
 *
 * @param baseline the model that the others are compared with
 * @param experts the number of experts of a level
 */
export function guessOf(claim: Claim, baseline: string, experts: number): Guess {
  if ('verdict' in claim)
    return {
      question: `Beside ${baseline}, how good is ${claim.model} on ${claim.task}?`,
      options: ['better', 'no difference', 'worse'],
      outcome: (summary) =>
        differenceRows(summary).find(({ model, task }) => model === claim.model && task === claim.task)?.verdict,
    };
  const [few, many] = [Math.ceil(FEW * experts), Math.floor(MANY * experts)];
  const options = [`fewer than ${few}`, `${few} to ${many}`, `more than ${many}`] as const;
  return {
    question: `How many of the ${experts} experts does a task of ${claim.model} use on level ${claim.level}?`,
    options,
    outcome(_, trials) {
      const own = trials.filter(({ model }) => model === claim.model);
      const numbers = own.flatMap(({ fusion }) => fusion[claim.level - 1]?.effectiveExperts ?? []);
      if (numbers.length === 0) return undefined;
      const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
      return options[mean < few ? 0 : mean <= many ? 1 : 2];
    },
  };
}
