import type { Finding } from '@polytask/components';
import type { Summary } from '../summary/summary.ts';

/** The sentences of a comparison's first screen. */
export interface ComparisonSentences {
  /** What to take, and why. */
  readonly answer: readonly string[];
  /** What couldn't be seen, and what would decide the rest. */
  readonly limits: readonly string[];
  /** Who is better on which task. */
  readonly tasks: readonly string[];
}

const ANSWER = ['only-model', 'not-ranked', 'no-model', 'model-to-take', 'scores-beside'];
const LIMITS = ['random-split-scores', 'detectable-differences', 'sampling-errors', 'seeds-needed', 'too-close'];

/** The findings of a comparison as the parts of its first screen. */
export function comparisonSentences({ findings }: Pick<Summary, 'findings'>): ComparisonSentences {
  const of = (is: (finding: Finding) => boolean) => findings.filter(is).map(({ message }) => message);
  return {
    answer: of(({ kind }) => ANSWER.includes(kind)),
    limits: of(({ kind }) => LIMITS.includes(kind)),
    tasks: of(({ kind }) => ![...ANSWER, ...LIMITS].includes(kind)),
  };
}
