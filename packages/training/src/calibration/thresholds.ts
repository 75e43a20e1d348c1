import {
  define,
  definedIn,
  fail,
  notNegative,
  resolve,
  share,
  sum,
  type Definition,
  type Factory,
  type Read,
  type Spec,
} from '@polytask/components';
import type { TaskPredictions } from '../evaluation/measure.ts';

/** A rule that chooses the probability from which a decision is yes, as plain JSON; see {@link defineThreshold}. */
export type ThresholdSpec<C = unknown> = Spec<'threshold', C>;

/** The weights of rows above a threshold, and of all rows. */
export interface ThresholdCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly positives: number;
  readonly rows: number;
}

/** The worth of a threshold: the largest one is chosen, and of equal ones that with fewer yes. */
type Worth<C> = (counts: ThresholdCounts, config: C) => number;

/**
 * Defines a rule for thresholds.
 *
 * @param name the name in saved models; it must be unique
 * @param worth of a threshold, from the counts of rows above it
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * const youden = defineThreshold('my-package/youden', ({ truePositives, falsePositives, positives, rows }) =>
 *   truePositives / positives - falsePositives / (rows - positives));
 */
export const defineThreshold = <O extends object = Record<never, never>>(
  name: string,
  worth: Worth<Read<O>>,
  definition?: Definition<O>,
): Factory<'threshold', O> => define('threshold', name, { worth }, definition, ['worth']);

const defineOwn = definedIn('@polytask/training', defineThreshold);

/** The threshold with the largest F1. @example bestF1() */
export const bestF1 = defineOwn(
  'f1',
  ({ truePositives, falsePositives, positives }) =>
    (2 * truePositives) / (truePositives + falsePositives + positives) || 0,
  { description: 'the largest F1' },
);

/** The threshold with the least cost. @example cost({ falsePositive: 1, falseNegative: 5 }) */
export const cost = defineOwn(
  'cost',
  ({ truePositives, falsePositives, positives }, { falsePositive, falseNegative }) =>
    -(falsePositive * falsePositives + falseNegative * (positives - truePositives)),
  {
    description: 'the least cost of wrong decisions',
    options: {
      /** The cost of a yes to a row whose label is no. */
      falsePositive: notNegative,
      /** The cost of a no to a row whose label is yes. */
      falseNegative: notNegative,
    },
  },
);

/** The threshold that says yes to about this share of rows, those with the largest probabilities. @example rate({ share: 0.1 }) */
export const rate = defineOwn(
  'rate',
  ({ truePositives, falsePositives, rows }, { share }) => -Math.abs((truePositives + falsePositives) / rows - share),
  {
    description: 'a share of rows to say yes to',
    options: {
      /** The share of rows to say yes to, from 0 to 1. */
      share,
    },
  },
);

/**
 * The probability from which the decision is yes. It lies in the middle between two probabilities of these rows.
 *
 * @param rows labels 0 and 1, probabilities of yes, and sample weights
 * @throws PolytaskError for a rule that isn't defined, and without rows
 */
export function chooseThreshold(
  rule: ThresholdSpec,
  { labels, predictions, weights }: Pick<TaskPredictions, 'labels' | 'predictions' | 'weights'>,
): number {
  const { builder, config } = resolve<{ readonly worth: Worth<unknown> }>(rule);
  if (labels.length === 0)
    fail({ expected: 'labeled rows to choose a threshold on', received: 'none', fix: 'Pass more rows.' });
  const [rows, positives] = [sum(weights), sum(weights, (weight, row) => weight * labels[row]!)];
  const order = Uint32Array.from(labels.keys()).sort((a, b) => predictions[b]! - predictions[a]!);
  let [truePositives, falsePositives] = [0, 0];
  const worthNow = () => builder.worth({ truePositives, falsePositives, positives, rows }, config);
  let best = { worth: worthNow(), at: between(1, predictions[order[0]!]!) };
  order.forEach((row, i) => {
    if (labels[row]! > 0) truePositives += weights[row]!;
    else falsePositives += weights[row]!;
    const [own, next] = [predictions[row]!, i + 1 < order.length ? predictions[order[i + 1]!]! : 0];
    if (next === own) return;
    const worth = worthNow();
    if (worth > best.worth) best = { worth, at: between(own, next) };
  });
  return best.at;
}

const between = (a: number, b: number): number => (a + b) / 2;
