import { optional, share, wholeNumber } from '@polytask/components';
import { type Placed, placed, proposedBy } from './parzen.ts';
import { byScore, defineSearch } from './search.ts';
import type { Point } from './space.ts';

const TRIES = 24;

/**
 * A tree-structured Parzen estimator: random configurations first, then ones that resemble the best so far. Each training is for all epochs.
 * With `batch` above 1, so many train at the same time, and know nothing of one another.
 *
 * Paper: Bergstra et al., NeurIPS 2011; the multivariate kernel: Falkner et al., ICML 2018.
 *
 * @example tpe({ startup: 10, batch: 2 }) // in a suite: "method": "tpe(startup=10,batch=2)"
 */
export const tpe = defineSearch(
  'tpe',
  function* ({ startup, batch, ...options }, { space, trials, draw, random, first, finished }) {
    const known: (Placed & { readonly score: number })[] = [];
    const taken = new Set<string>();
    const isNew = (point: Point) => !taken.has(JSON.stringify(point));
    const learn = (values: Point, score: number) => {
      taken.add(JSON.stringify(values));
      known.push({ ...placed(space, values), score });
    };
    for (const { values, score } of finished) learn(values, score);
    let draws = 0;
    const drawNew = (): Point => {
      let point = draw(draws++);
      for (let tries = 1; tries < TRIES && !isNew(point); tries++) point = draw(draws++);
      return point;
    };
    for (let tried = 0; tried < trials;) {
      const missing = startup - known.length;
      const ranked = [...known].sort(byScore);
      const points: Point[] = [];
      while (points.length < (missing > 0 ? missing : batch) && tried < trials) {
        const own = () => (missing > 0 ? undefined : proposedBy(space, ranked, options, random(tried), isNew));
        const point = first[tried] ?? own() ?? drawNew();
        taken.add(JSON.stringify(point));
        points.push(point);
        tried++;
      }
      const scores = yield points.map((values) => ({ values }));
      points.forEach((values, i) => learn(values, scores[i]!));
    }
  },
  {
    options: {
      /** How many random configurations come first. */
      startup: optional(wholeNumber(1), 10),
      /** The share of the tried configurations that count as good. */
      share: optional(share, 0.15),
      /** How many points each proposal is chosen from. */
      candidates: optional(wholeNumber(1), 24),
      /** How many configurations are proposed at once, and may train at the same time. */
      batch: optional(wholeNumber(1), 1),
    },
    description: 'random configurations, then ones that resemble the best so far: a tree-structured Parzen estimator',
    paper: 'Bergstra et al., NeurIPS 2011',
    package: '@polytask/training/search',
  },
);
