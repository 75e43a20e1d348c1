import {
  either,
  fail,
  optional,
  type OutputMath,
  positive,
  type RowMath,
  shown,
  text,
  wholeNumber,
} from '@polytask/components';
import { positiveValue } from '../tasks/binary.ts';
import { passedByTask, predictionOf } from '../tasks/task-kind.ts';
import { defineLoss, defineTask } from './define.ts';
import { logitsOfShares } from './multi-label.ts';
import { ascending } from './quantiles.ts';

/** As 32-bit floats, which labels are: a time at a cut point is in the same interval in tensors and in doubles. */
const rounded = (cuts: readonly number[]): number[] => cuts.map(Math.fround);

const ascendingTimes = ascending(positive);

const options = {
  /** The column that says whether the event happened. `from` is the column of the time, 0 or more. */
  event: optional(text, 'event'),
  /** The value or values of the event's column that mean it happened. Without it, 1, '1', true and 'true' do. */
  positive: optional(positiveValue),
  /**
   * The cut points, ascending and above 0, in the unit of the time; or how many a fit finds. They are quantiles of the times of events
   * then: 10 of them have about an eleventh of the events between each other.
   */
  cuts: optional(either(wholeNumber(1), ascendingTimes), 10),
};

/**
 * Declares a task that predicts the time until an event, such as a customer's leaving. Of rows whose event has not happened, only a time is
 * known that they have reached. The prediction is the probability of no event up to each cut point, row-major [rows × cut points].
 *
 * The cut points divide time into intervals, with a logit for each: that of the event in the interval, if it has not happened before (the
 * hazard). An encoded label is the time, and its negative for a censored row. An event at a cut point is in the interval that ends there. A
 * fit finds the share of rows with the event in each interval, of those that reached it.
 *
 * @throws PolytaskError when an option is unknown, with a suggestion, or has a value that doesn't fit
 * @example survival({ from: 'days', event: 'churned', cuts: [30, 90, 365] })
 */
export const survival = defineTask(
  'survival',
  ({ event, positive, cuts }) => {
    const points: readonly number[] = typeof cuts === 'object' ? cuts : [];
    return {
      label: { type: 'time', event, positive, cuts },
      prediction: { type: 'survival', names: points.map(String) },
      loss: () => logisticHazard({ cuts: points }),
      predict(z, math) {
        const curve = survivalOf(z, math, points.length);
        return curve.length === 1 ? curve[0]! : math.stack(curve);
      },
      start: logitsOfShares,
      metrics: ['c-index'],
    };
  },
  {
    options,
    description: 'the time until an event that has not happened in all rows',
    paper: 'Gensheimer and Narasimhan, PeerJ 2019; Kvamme and Borgan, Lifetime Data Analysis 2021',
  },
);

const hazardOptions = {
  /** The cut points of the task. */
  cuts: ascendingTimes,
};

/**
 * The negative log likelihood of discrete times (Kvamme and Borgan, Lifetime Data Analysis 2021, eq. 3.5). It is the sum over
 * intervals of the log loss of the hazard, up to the interval of the event. For a censored row, the intervals count whose middle
 * it has reached (Gensheimer and Narasimhan, PeerJ 2019). It is the loss of a {@link survival} task, which passes its cut points.
 *
 * @throws PolytaskError when the cut points aren't ascending times
 * @example lossOf(survival({ cuts: [30, 90] })).config // { cuts: [30, 90] }
 */
export const logisticHazard = defineLoss(
  'logistic-hazard',
  ({ cuts }, outputs) =>
    (z, y, math) => {
      const { events, counted } = intervalsOf(y, math, cuts);
      if (outputs === 1) return math.mul(math.logLoss(z, events[0]!), counted[0]!);
      return math.sum(math.mul(math.logLoss(z, math.stack(events)), math.stack(counted)));
    },
  {
    tasks: ['survival'],
    options: hazardOptions,
    fits(config, task, where) {
      if (predictionOf(task).names!.length > 0) return passedByTask(config, task, where);
      fail({
        expected: `no loss for ${where} of a task whose cut points a fit finds`,
        received: shown(config),
        fix: 'Leave the loss out: the task passes its cut points.',
      });
    },
    also: ['nnet-survival'],
    description: 'likelihood of the time until an event, by intervals',
    paper: 'Kvamme and Borgan, Lifetime Data Analysis 2021',
  },
);

/** For each interval: whether the event is in it, and whether it counts, as 1 or 0. */
function intervalsOf<V>(y: V, { abs, add, maximum, minimum, mul, sign, sub }: RowMath<V>, cuts: readonly number[]) {
  const [events, counted]: [V[], V[]] = [[], []];
  const happened = maximum(sign(add(sign(y), 0.5)), 0); // 1 where y ≥ 0
  let before: V | number = 1; // whether the interval before was survived
  rounded(cuts).forEach((cut, i, all) => {
    const later = maximum(sign(sub(abs(y), cut)), 0); // 1 where the time is above the cut point
    const reached = add(minimum(sign(sub(abs(y), middleOf(all, i))), 0), 1); // 1 where it is at the middle, or above
    const survived: V = add(mul(happened, sub(later, reached)), reached);
    events.push(mul(happened, sub(before, survived)));
    counted.push(add(events.at(-1)!, survived));
    before = survived;
  });
  return { events, counted };
}

/** The middle of interval i, as a 32-bit float. The first one starts at 0. */
const middleOf = (cuts: readonly number[], i: number): number => Math.fround(((cuts[i - 1] ?? 0) + cuts[i]!) / 2);

/** The probability of no event up to each cut point: the product of 1 − hazard = σ(−z) = e^−softplus(z) over its intervals. */
function survivalOf<V>(z: V, { add, at, exp, neg, softplus }: OutputMath<V>, count: number): V[] {
  const risks: V[] = [];
  for (let i = 0; i < count; i++) {
    const risk = softplus(count === 1 ? z : at(z, i));
    risks.push(i === 0 ? risk : add(risks[i - 1]!, risk));
  }
  return risks.map((risk) => exp(neg(risk)));
}
