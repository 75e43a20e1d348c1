import { erf } from '@polytask/components';
import { checks, defineLoss, definePrediction, defineTask, type OutputMath } from '@polytask/core';
import { defineLabel } from '@polytask/data';
import { defineMetric } from '@polytask/metrics';

/** Deviations of logarithms are larger than this, so that one price can't have an infinite likelihood. */
const LEAST = 0.05;

interface Row {
  /** Negative for a bound. */
  readonly price: number;
  readonly weight: number;
}

const meanOf = (rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + row.weight * of(row), 0) / rows.reduce((sum, { weight }) => sum + weight, 0);

/**
 * The mean and the deviation of a normal distribution of log |price| / unit, of which bounds are the least that it can be: each bound counts as what
 * is expected above it (Dempster, Laird and Rubin 1977).
 */
function distributionOf(rows: readonly Row[], unit: number): { middle: number; spread: number } {
  let [middle, spread] = [0, 1];
  for (let step = 0; step < 200; step++) {
    const gap = ({ price }: Row) => (Math.log(Math.abs(price) / unit) - middle) / spread;
    const hazard = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (0.5 - erf(z * Math.SQRT1_2) / 2);
    const above = (row: Row) => (row.price > 0 ? gap(row) : hazard(Math.min(5, gap(row))));
    const square = (row: Row) => (row.price > 0 ? gap(row) ** 2 : 1 + Math.min(5, gap(row)) * above(row));
    const [first, second] = [meanOf(rows, above), meanOf(rows, square)];
    [middle, spread] = [middle + spread * first, Math.max(LEAST, spread * Math.sqrt(second - first ** 2))];
  }
  return { middle, spread };
}

/**
 * A price above 0, or the least that it can be: `300`, `≥ 300`, `>= 300` or `300+`. A bound is a negative number, as an encoded label is one
 * number of 32 bits. The mean divides it.
 */
const atLeast = defineLabel('censored-price/at-least', {
  columns: (column) => ({ [column]: 'text' }),
  read([cell]) {
    if (cell === null) return NaN;
    const [, before, digits, after] = /^\s*(≥|>=|>)?\s*(\d+(?:\.\d+)?)\s*(\+)?\s*$/.exec(String(cell)) ?? [];
    const price = Number(digits);
    if (!(price > 0)) return undefined;
    return before || after ? -price : price;
  },
  words: 'a price above 0, or the least it can be, such as "≥ 300"',
  unit: () => ({ scale: 'mean' }),
  fitted: { mean: checks.positive, middle: checks.number(), spread: checks.positive },
  fit() {
    const rows: Row[] = [];
    return {
      add: (price, weight) => void rows.push({ price, weight }),
      finish() {
        const mean = meanOf(rows, ({ price }) => Math.abs(price));
        return { mean, ...distributionOf(rows, mean) };
      },
    };
  },
  parts: [
    { what: 'which prices are bounds', type: 'classes', valueOf: (y) => Number(y < 0) },
    { what: 'the prices', type: 'number', valueOf: Math.abs },
  ],
  madeUp: (score) => (score > 1 ? -Math.exp(score - 1) : Math.exp(score)),
  cells: (column) => ({ [column]: ['120', '200', '≥ 250', '300', '450', '700', '900+'] }),
  description: 'a price, or the least that it can be',
});

const price = definePrediction('censored-price/price', {
  description: 'the median price',
  number: 'The price that half of such offers are below.',
  labels: ['censored-price/at-least'],
  perfect: (label) => [label > 0 ? label : NaN], // a bound leaves the price open
  normalizedLoss: () => 'censored-price/error-ratio',
  constant: { name: 'best price for all', error: (value) => `${value} times its error` },
});

const deviationOf = <V>(z: V, { add, at, softplus }: OutputMath<V>): V => add(softplus(at(z, 1)), LEAST);

/** From here on the logarithm of the tail is a parabola: 1 − Φ(t) is too small for 32 bits soon. */
const FAR = 3;
/** The slope of −log(1 − Φ) at 3, the hazard h = φ / (1 − Φ), and half its curvature, h (h − 3). */
const [SLOPE, CURVE] = [3.2830987, 0.4647204];

/**
 * The negative log likelihood of a censored normal distribution of the logarithm (Tobin 1958): of a known price, that of its density; of a
 * bound, that of a price above it, −log(1 − Φ(t)). The outputs are the mean and the deviation of the logarithm.
 */
export const tobit = defineLoss(
  'censored-price/tobit',
  () => (z, y, math) => {
    const { abs, add, at, div, erf, log, maximum, minimum, mul, neg, sign, square, sub } = math;
    const deviation = deviationOf(z, math);
    const t = div(sub(log(maximum(abs(y), 1e-30)), at(z, 0)), deviation); // a missing label is 0, and counts 0 times
    const known = add(add(mul(square(t), 0.5), log(deviation)), Math.log(2 * Math.PI) / 2);
    const near = log(sub(0.5, mul(erf(mul(minimum(t, FAR), Math.SQRT1_2)), 0.5)));
    const far = maximum(sub(t, FAR), 0);
    const bound = add(neg(near), mul(far, add(mul(far, CURVE), SLOPE)));
    const isBound = maximum(neg(sign(y)), 0);
    return add(mul(isBound, bound), mul(sub(1, isBound), known));
  },
  {
    tasks: ['censored-price/price'],
    description: 'likelihood of prices and of bounds',
    paper: 'Tobin, Econometrica 1958',
  },
);

const measured = { task: 'censored-price/price' } as const;

/** How far a prediction is off, as a logarithm: of a bound, how far it is below. */
const error = (label: number, predicted: number): number => {
  const gap = Math.log(Math.max(predicted, 1e-30)) - Math.log(Math.abs(label));
  return label > 0 ? Math.abs(gap) : Math.max(0, -gap);
};

/** The price with the least error: a known price asks for less or for more, a bound only for more. */
function constant(labels: ArrayLike<number>, weights: ArrayLike<number>): number[] {
  const rows = Array.from(labels, (label, row) => ({ label, weight: weights[row]! }));
  const ascending = rows.sort((a, b) => Math.abs(a.label) - Math.abs(b.label));
  let slope = -ascending.reduce((sum, { weight }) => sum + weight, 0);
  for (const { label, weight } of ascending) {
    slope += label > 0 ? 2 * weight : weight;
    if (slope >= 0) return [Math.abs(label)];
  }
  return [Math.abs(ascending.at(-1)?.label ?? 1)];
}

defineMetric({
  ...measured,
  name: 'censored-price/concordance',
  label: 'C',
  direction: 'higher',
  description: 'the share of pairs in the right order, of those whose order is known',
  paper: 'Harrell et al., JAMA 1982',
  range: [0, 1],
  compute({ labels, predictions, weights }) {
    let [right, all] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      if (labels[i]! < 0) continue; // nothing is known to be above a bound
      for (let j = 0; j < labels.length; j++) {
        const isAbove = labels[j]! > 0 ? labels[j]! > labels[i]! : -labels[j]! >= labels[i]!;
        if (!isAbove) continue;
        const weight = weights[i]! * weights[j]!;
        all += weight;
        right += weight * (predictions[j]! > predictions[i]! ? 1 : predictions[j] === predictions[i] ? 0.5 : 0);
      }
    }
    return right / all;
  },
});

defineMetric({
  ...measured,
  name: 'censored-price/error-ratio',
  measured: 'named', // the normalized loss is it
  direction: 'lower',
  description: 'the error of logarithms over that of the best price for all; below a bound, the distance to it',
  range: [0, Infinity],
  constant,
  compute({ labels, predictions, weights }) {
    const [best] = constant(labels, weights);
    const sum = (of: (row: number) => number) =>
      labels.reduce((total, label, row) => total + weights[row]! * error(label, of(row)), 0);
    const least = sum(() => best!);
    return least > 0 ? sum((row) => predictions[row]!) / least : NaN;
  },
});

/**
 * A task that predicts a price which for some rows is only known to be at least a number. Prices that are cut are no prices: a regression on
 * them predicts too little.
 *
 * @example censoredPrice({ from: 'sold_for' })
 */
export const censoredPrice = defineTask(
  'censored-price/price',
  () => ({
    label: atLeast(),
    prediction: price(),
    outputs: () => 2,
    loss: () => tobit(),
    predict: (z, { at, exp, minimum }) => exp(minimum(at(z, 0), 30)),
    start: ({ middle, spread }) => [middle as number, Math.log(Math.expm1(Math.max(1e-3, (spread as number) - LEAST)))],
    metrics: ['censored-price/concordance'],
  }),
  { description: 'a price, or the least that it can be' },
);
