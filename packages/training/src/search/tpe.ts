import { optional, share, sum, wholeNumber } from '@polytask/components';
import { byScore, defineOwn } from './search.ts';
import { fractionOf, isActive, valueAt, type Point, type SearchSpace } from './space.ts';

/** A point with the position of each of its values. A dimension that it hasn't is missing, or NaN. */
interface Placed {
  readonly values: Point;
  readonly at: Readonly<Record<string, number>>;
}

const placed = (space: SearchSpace, values: Point): Placed => ({
  values,
  at: Object.fromEntries(Object.keys(space).map((name) => [name, fractionOf(space[name]!, values[name])])),
});

/** A density over points: an equal mixture of a kernel at each of some points, and of the uniform density. */
interface Density {
  readonly space: SearchSpace;
  readonly names: readonly string[];
  readonly points: readonly Placed[];
  /** The width of a kernel on a range, in shares of the range: that of Optuna. */
  readonly width: number;
}

function densityOf(space: SearchSpace, points: readonly Placed[]): Density {
  const names = Object.keys(space).sort();
  return { space, names, points, width: Math.max(0.2 * points.length ** (-1 / (names.length + 4)), 0.02) };
}

/** The density of a position by the kernel at a center, relative to the uniform density. */
function kernel({ space, points, width }: Density, name: string, center: number, x: number): number {
  if (Number.isNaN(center) || Number.isNaN(x)) return 1; // one of the points hasn't the dimension
  const dimension = space[name]!;
  if ('choices' in dimension)
    return (dimension.choices.length * Number(center === x) + 1 / points.length) / (1 + 1 / points.length);
  const normal = (distance: number) => Math.exp(-0.5 * (distance / width) ** 2);
  const reflected = normal(x - center) + normal(x + center) + normal(2 - x - center);
  return reflected / (width * Math.sqrt(2 * Math.PI));
}

/** The logarithm of the density of a point, relative to the uniform density. */
function logDensity(density: Density, { at }: Placed): number {
  const { points, names } = density;
  const kernels = points.map((point) =>
    names.reduce((product, name) => product * kernel(density, name, point.at[name]!, at[name]!), 1),
  );
  return Math.log((sum(kernels) + 1) / (points.length + 1));
}

/** Standard normal, by Box and Muller. */
const drawNormal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A point by the kernel of one of the points, or by the uniform density. */
function drawPoint({ space, names, points, width }: Density, random: () => number): Placed {
  const center = points[Math.floor(random() * (points.length + 1))];
  const drawn: Record<string, unknown> = {};
  for (const name of names) {
    const dimension = space[name]!;
    const [at = NaN, isChoice] = [center?.at[name], 'choices' in dimension];
    const isUniform = Number.isNaN(at) || (isChoice && random() < 1 / (points.length + 1));
    const x = Math.abs(isChoice ? at : at + width * drawNormal(random)) % 2; // reflected at the ends
    drawn[name] = valueAt(dimension, isUniform ? random() : Math.min(x > 1 ? 2 - x : x, 1 - 1e-9));
  }
  return placed(space, Object.fromEntries(Object.entries(drawn).filter(([name]) => isActive(space, name, drawn))));
}

/** The draw by the density of the good points with the largest ratio to that of the others. All its dimensions are from one good point. */
function proposedBy(
  space: SearchSpace,
  ranked: readonly Placed[],
  { share, candidates }: { readonly share: number; readonly candidates: number },
  random: () => number,
  isNew: (point: Point) => boolean,
): Point | undefined {
  const count = Math.ceil(share * ranked.length);
  const [good, others] = [densityOf(space, ranked.slice(0, count)), densityOf(space, ranked.slice(count))];
  const drawn = Array.from({ length: candidates }, () => drawPoint(good, random)).filter(({ values }) => isNew(values));
  const worth = drawn.map((point) => logDensity(good, point) - logDensity(others, point));
  return drawn[worth.indexOf(Math.max(...worth))]?.values;
}

const TRIES = 24;

/**
 * A tree-structured Parzen estimator: random configurations first, then ones that resemble the best so far. Each training is for all epochs.
 * With `batch` above 1, so many train at the same time, and know nothing of one another.
 *
 * Paper: Bergstra et al., NeurIPS 2011; the multivariate kernel: Falkner et al., ICML 2018.
 *
 * @example tpe({ startup: 10, batch: 2 }) // in a suite: "method": "tpe(startup=10,batch=2)"
 */
export const tpe = defineOwn(
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
  },
);
