import { checks, defineLoss, definePrediction, defineTask } from '@polytask/core';
import { defineLabel } from '@polytask/data';
import { defineMetric } from '@polytask/metrics';

const DAY = 24;
/** Radians of an hour. */
const TURN = (2 * Math.PI) / DAY;
/** The largest concentration: a deviation of half an hour. */
const MOST = 50;

/** The hour on the clock, from 0 to below 24. */
const onClock = (hour: number): number => hour - DAY * Math.floor(hour / DAY);

/** The mean direction of some hours, and how much they point there: from 0 to 1. */
function directionOf(hours: ArrayLike<number>, weights: ArrayLike<number>): { hour: number; resultant: number } {
  let [sin, cos, total] = [0, 0, 0];
  for (let row = 0; row < hours.length; row++) {
    sin += weights[row]! * Math.sin(hours[row]! * TURN);
    cos += weights[row]! * Math.cos(hours[row]! * TURN);
    total += weights[row]!;
  }
  return { hour: onClock(Math.atan2(sin, cos) / TURN), resultant: Math.hypot(sin, cos) / total };
}

/** The concentration of a von Mises distribution with this resultant (Mardia and Jupp 2000, section 5.3: an approximation). */
const concentrationOf = (resultant: number): number =>
  Math.min(MOST, (resultant * (2 - resultant ** 2)) / (1 - Math.min(0.99, resultant) ** 2));

/** An hour on the clock: `17.75` or `17:45`. */
const clock = defineLabel('hour-of-day/clock', {
  columns: (column) => ({ [column]: 'text' }),
  read([cell]) {
    if (cell === null) return NaN;
    const [, hours, minutes = '0'] = /^(\d{1,2}(?:\.\d+)?)(?::(\d\d))?$/.exec(String(cell).trim()) ?? [];
    const hour = Number(hours) + Number(minutes) / 60;
    return hour <= DAY && Number(minutes) < 60 ? onClock(hour) : undefined;
  },
  words: 'an hour from 0 to 24, or a time such as 17:45',
  fitted: { hour: checks.number({ from: 0, to: DAY }), resultant: checks.number({ from: 0, to: 1 }) },
  fit() {
    const [hours, weights]: number[][] = [[], []];
    return {
      add(hour, weight) {
        hours!.push(hour);
        weights!.push(weight);
      },
      finish: () => directionOf(hours!, weights!),
    };
  },
  madeUp: (score) => onClock(DAY / 2 + 4 * score),
  cells: (column) => ({ [column]: ['3', '07:30', '8.25', '12:15', '13:00', '17:45', '21'] }),
  description: 'an hour of the day',
});

/** The hour that is the middle of the distribution, and its concentration κ: 0 is any hour, 50 half an hour to either side. */
const hourAndConcentration = definePrediction('hour-of-day/hour', {
  description: 'an hour of the day, and how concentrated it is',
  number: 'The hour, from 0 to 24; or the concentration, from 0 (any hour) to 50.',
  labels: ['hour-of-day/clock'],
  perfect: (hour) => [hour, NaN], // the label doesn't say how sure one can be
  namesKey: 'values',
  normalizedLoss: () => 'hour-of-day/error-ratio',
  constant: { name: 'mean direction', error: (value) => `${value} times its error` },
});

const options = {
  /** The points of the mean that stands for the Bessel function. More are exact for larger concentrations. */
  points: checks.optional(checks.wholeNumber(8), 24),
};

/**
 * The negative log likelihood of a von Mises distribution: log I₀(κ) − κ cos(y − μ), less log 2π. The outputs are κ (cos μ, sin μ). The
 * Bessel function I₀(κ) is the mean of e^(κ cos t) over a circle.
 */
export const vonMises = defineLoss(
  'hour-of-day/von-mises',
  ({ points }) =>
    (z, y, { add, at, atan2, cos, exp, log, mean, minimum, mul, sqrt, square, stack, sub }) => {
      const [a, b] = [at(z, 0), at(z, 1)];
      const concentration = minimum(sqrt(add(add(square(a), square(b)), 1e-12)), MOST);
      const near = cos(sub(mul(y, TURN), atan2(b, a)));
      const halfCircle = Array.from({ length: points }, (_, i) => Math.cos((Math.PI * (i + 0.5)) / points) - 1);
      const bessel = log(mean(exp(stack(halfCircle.map((each) => mul(concentration, each)))))); // less κ
      return add(bessel, mul(concentration, sub(1, near)));
    },
  {
    tasks: ['hour-of-day/hour'],
    options,
    description: 'likelihood of a von Mises distribution',
    paper: 'von Mises 1918',
  },
);

/** The distance of two hours on the clock, 0 to 12. */
const distance = (a: number, b: number): number => Math.abs(onClock(a - b + DAY / 2) - DAY / 2);

const NAMES = ['hour', 'concentration'];
const measured = { task: 'hour-of-day/hour', columns: NAMES.length, direction: 'lower' } as const;

defineMetric({
  ...measured,
  name: 'hour-of-day/circular-error',
  label: 'error in hours',
  description: 'the mean distance on the clock, in hours',
  range: [0, DAY / 2],
  digits: 2,
  sums: 2,
  add(sums, { count, width, labels, predictions, weights }) {
    for (let row = 0; row < count; row++) {
      sums[0]! += weights[row]! * distance(labels[row]!, predictions[row * width]!);
      sums[1]! += weights[row]!;
    }
  },
  compute: ([total, weight]) => total! / weight!,
});

const constant = (labels: ArrayLike<number>, weights: ArrayLike<number>): number[] => {
  const { hour, resultant } = directionOf(labels, weights);
  return [hour, concentrationOf(resultant)];
};

defineMetric({
  ...measured,
  name: 'hour-of-day/error-ratio',
  measured: 'named', // the normalized loss is it
  description: 'the mean distance on the clock over that of the mean direction',
  range: [0, Infinity],
  constant,
  compute({ labels, predictions, weights }) {
    const [middle] = constant(labels, weights);
    let [own, best] = [0, 0];
    labels.forEach((label, row) => {
      own += weights[row]! * distance(label, predictions[row * NAMES.length]!);
      best += weights[row]! * distance(label, middle!);
    });
    return best > 0 ? own / best : NaN;
  },
});

/**
 * A task that predicts an hour of the day. 23:50 and 0:10 are near to each other, which a regression doesn't know.
 *
 * @example hour({ from: 'busiest' })
 */
export const hour = defineTask(
  'hour-of-day/hour',
  () => ({
    label: clock(),
    prediction: hourAndConcentration(NAMES),
    loss: () => vonMises(),
    predict(z, { add, at, atan2, maximum, minimum, mul, neg, sign, sqrt, square, stack }) {
      const [a, b] = [at(z, 0), at(z, 1)];
      const angle = mul(atan2(b, a), 1 / TURN);
      const concentration = minimum(sqrt(add(square(a), square(b))), MOST);
      return stack([add(angle, mul(maximum(sign(neg(angle)), 0), DAY)), concentration]);
    },
    start({ hour: middle, resultant }) {
      const concentration = concentrationOf(resultant as number);
      return [concentration * Math.cos((middle as number) * TURN), concentration * Math.sin((middle as number) * TURN)];
    },
    metrics: ['hour-of-day/circular-error'],
  }),
  { description: 'an hour of the day' },
);
