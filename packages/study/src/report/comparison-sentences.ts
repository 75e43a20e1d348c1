import type { Finding } from '@polytask/components';
import type { Summary } from '../summary/summary.ts';

const ANSWER = ['only-model', 'not-ranked', 'no-model', 'model-to-take', 'scores-beside'];
const LIMITS = ['random-split-scores', 'detectable-differences', 'sampling-errors', 'seeds-needed', 'too-close'];

/** The sentences of a comparison's first screen. */
export function comparisonSentences({ findings }: Pick<Summary, 'findings'>) {
  const of = (is: (finding: Finding) => boolean) => findings.filter(is).map(({ message }) => message);
  return {
    /** What to take, and why. */
    answer: of(({ kind }) => ANSWER.includes(kind)),
    /** What couldn't be seen, and what would decide the rest. */
    limits: of(({ kind }) => LIMITS.includes(kind)),
    /** Who is better on which task. */
    tasks: of(({ kind }) => ![...ANSWER, ...LIMITS].includes(kind)),
  };
}
