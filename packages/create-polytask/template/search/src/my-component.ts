import { optional, wholeNumber } from '@polytask/components';
import { defineSearch, fractionOf, type Point, type SearchSpace } from '@polytask/training/search';

const options = {
  /** How many random configurations come first. */
  startup: optional(wholeNumber(1), 5),
};

/** How far two points are from each other. A dimension that one of them lacks counts 1. */
function distance(space: SearchSpace, a: Point, b: Point): number {
  const parts = Object.entries(space).map(([name, dimension]) =>
    Math.abs(fractionOf(dimension, a[name]) - fractionOf(dimension, b[name])),
  );
  return parts.reduce((sum, part) => sum + (Number.isNaN(part) ? 1 : part), 0);
}

/**
 * Random configurations, then ones near the best: of 20 draws, the nearest one. Replace the rule by yours.
 *
 * A search yields the trainings that may run at the same time, and receives their scores. Higher scores are better, and NaN is a training
 * that failed. All its randomness comes from `draw` and `random` of the problem.
 *
 * @example myComponent({ startup: 3 }) // in a suite: "method": "my-package/my-component(startup=3)"
 */
export const myComponent = defineSearch(
  'my-package/my-component',
  function* ({ startup }, { space, trials, draw, first }) {
    let best: Point = {};
    let most = -Infinity;
    let draws = 0;
    for (let tried = 0; tried < trials; tried++) {
      const points = Array.from({ length: tried < startup ? 1 : 20 }, () => draw(draws++));
      const nearest = points.reduce((a, b) => (distance(space, b, best) < distance(space, a, best) ? b : a));
      const values = first[tried] ?? nearest;
      const scores = yield [{ values }]; // `epochs: 3` next to `values` is a shorter training
      const score = scores[0] ?? NaN;
      if (score > most) [best, most] = [values, score];
    }
  },
  { options, description: 'random configurations, then ones near the best', package: 'my-package' },
);
