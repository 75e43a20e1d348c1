import { doubleMath } from '@polytask/components';
import { softmaxRow } from './multiclass.ts';
import type { Scores } from './objective.ts';
import type { SavedObjective } from './objectives.ts';

/** What makes predictions of scores. */
export const LINKS: Readonly<Record<SavedObjective['objective'], 'identity' | 'sigmoid' | 'softmax' | 'exp'>> = {
  ...{ binary: 'sigmoid', multiclass: 'softmax', poisson: 'exp', gamma: 'exp', tweedie: 'exp' },
  ...{ regression: 'identity', mae: 'identity', huber: 'identity', quantile: 'identity', custom: 'identity' },
};

/** Turns scores into predictions, in place: probabilities, means. */
export function link(scores: Scores, objective: SavedObjective['objective']): void {
  const name = LINKS[objective];
  if (name === 'identity') return;
  scores[0]!.forEach((score, row) => {
    if (name === 'softmax') softmaxRow(scores, row, scores);
    else scores[0]![row] = doubleMath[name](score) as number;
  });
}
