import { builderNamed, define, defining, fail, registered, sum, type About } from '@polytask/components';
import type { Label } from './tasks.ts';

/** The name of something that another package defines. */
type Other = `${string}/${string}`;

/**
 * The definition of a type of prediction. All other code asks it, and never for the type. The names are those of the prediction's numbers,
 * such as its classes; a type of one number has none.
 */
export interface PredictionType {
  /** The words of a model card: `the probability of yes`. */
  readonly description: string;
  /** One of its numbers, for the documentation of a service. */
  readonly number: string;
  /** The types of label that it can be compared with. */
  readonly labels: readonly Label['type'][];
  /**
   * The prediction of who knows the label, as many numbers as a prediction has. NaN for what the label leaves open.
   *
   * @param label in its own unit
   */
  perfect(label: number, names: readonly string[]): number[];
  /** Whether its numbers are probabilities. Otherwise they are in the label's own unit. */
  readonly isProbability: boolean;
  /** Whether its number is the probability of yes: it has a threshold, an AUC within groups, and a calibration error. */
  readonly hasDecision?: true;
  /** Whether the names exclude each other, so that the likeliest one is the prediction. */
  readonly isExclusive?: true;
  /** Whether ranking metrics read its labels as grades. */
  readonly isGraded?: true;
  /** What the names are called in an exported file. */
  readonly namesKey?: string;
  /** What `calibrate` can give it: an interval around its number, or a set of classes or of yes and no. */
  readonly interval?: 'range' | 'set';
  /** Why it has no interval, and what to do. */
  readonly noInterval?: string;
  /** Whether means of predictions and labels are compared. */
  readonly hasMean: boolean;
  /** The `task` of the metrics that fit it. */
  readonly measuredAs: 'binary' | 'multiclass' | 'multi-label' | 'regression' | 'quantiles' | 'survival' | Other;
  /** The name of the metric that divides the error by that of the best constant prediction. */
  normalizedLoss(names: readonly string[]): string;
  /** The best constant prediction, and its error by `normalizedLoss`: `worse than predicting the base rate (NE 1.02)`. */
  readonly constant: { readonly name: string; error(normalizedLoss: string): string };
  /** Below this normalized loss, a feature may come from the label. Default: 0. */
  readonly suspicious?: number;
  /** Its calibration plot. Default: it has none. */
  readonly plot?: CalibrationPlot;
  /**
   * A label that is drawn from a teacher's probabilities. Default: no teacher's labels are drawn.
   *
   * @param own the label of the row
   * @param draws whether the teacher decides
   */
  drawn?(own: number, probabilities: ArrayLike<number>, draws: () => boolean, uniform: () => number): number;
}

/** A plot of predictions and of what was observed. */
export interface CalibrationPlot {
  readonly x: string;
  readonly y: string;
  /** What a row's prediction says, and what was observed: a pair, or several. Default: the middle number, and the label. */
  points?(label: number, prediction: ArrayLike<number>): readonly (readonly [predicted: number, observed: number])[];
  /** What the rows of a bin show. `life-table`: their share up to the middle name. Default: the mean of what was observed. */
  readonly shows?: 'life-table';
}

const entropyRatio = (value: string) => `log loss ${value} times their entropy`;

const isYes = (own: number, probability: number, draws: () => boolean, uniform: () => number): number =>
  draws() ? Number(uniform() < probability) : own;

const bitOf = (mask: number, i: number): number => Math.floor(mask / 2 ** i) % 2;

const PREDICTION_TYPES = {
  probability: {
    description: 'the probability of yes',
    number: 'The probability of yes.',
    labels: ['yes-no'],
    perfect: (label) => [label],
    isProbability: true,
    hasDecision: true,
    isGraded: true,
    interval: 'set',
    hasMean: true,
    measuredAs: 'binary',
    normalizedLoss: () => 'ne',
    constant: { name: 'base rate', error: (value) => `NE ${value}` },
    plot: { x: 'predicted probability', y: 'share of positives' },
    drawn: (own, probabilities, draws, uniform) => isYes(own, probabilities[0]!, draws, uniform),
  },
  probabilities: {
    description: 'a probability for each class',
    number: 'The probability of this class.',
    labels: ['class'],
    perfect: (label, names) => names.map((_, c) => Number(c === label)),
    isProbability: true,
    isExclusive: true,
    namesKey: 'classes',
    interval: 'set',
    hasMean: true,
    measuredAs: 'multiclass',
    normalizedLoss: () => 'ne',
    constant: { name: 'class shares', error: entropyRatio },
    plot: {
      x: 'probability of the likeliest class',
      y: 'share of right rows',
      points(label, probabilities) {
        const predicted = Math.max(...Array.from(probabilities));
        return [[predicted, Number(Array.from(probabilities).indexOf(predicted) === label)]];
      },
    },
    drawn(own, probabilities, draws, uniform) {
      if (!draws()) return own;
      let rest = uniform();
      const label = Array.from(probabilities).findIndex((each) => (rest -= each) < 0);
      return label < 0 ? probabilities.length - 1 : label; // they may add up to a little less than 1
    },
  },
  labels: {
    description: 'a probability for each label',
    number: 'The probability that the row has this label.',
    labels: ['labels'],
    perfect: (label, names) => names.map((_, i) => bitOf(label, i)),
    isProbability: true,
    namesKey: 'labels',
    hasMean: true,
    measuredAs: 'multi-label',
    normalizedLoss: () => 'ne',
    constant: { name: 'shares of the labels', error: entropyRatio },
    plot: {
      x: 'predicted probability of a label',
      y: 'share of rows that have it',
      points: (label, probabilities) => Array.from(probabilities, (predicted, i) => [predicted, bitOf(label, i)]),
    },
    drawn: (own, probabilities, draws, uniform) =>
      sum(probabilities, (each, i) => 2 ** i * isYes(bitOf(own, i), each, draws, uniform)),
  },
  number: {
    description: "a number in the label's unit",
    number: "In the label's own unit.",
    labels: ['number'],
    perfect: (label) => [label],
    isProbability: false,
    isGraded: true,
    interval: 'range',
    hasMean: true,
    measuredAs: 'regression',
    normalizedLoss: () => 'nrmse',
    constant: { name: 'mean', error: (value) => `RMSE ${value} times the deviation` },
    suspicious: 0.05,
    plot: { x: 'mean prediction', y: 'mean label' },
  },
  quantiles: {
    description: "quantiles in the label's unit",
    number: "The quantile of this share, in the label's own unit.",
    labels: ['number'],
    perfect: (label, names) => names.map(() => label),
    isProbability: false,
    namesKey: 'quantiles',
    noInterval: 'It predicts a range already: choose its levels.',
    hasMean: false,
    measuredAs: 'quantiles',
    normalizedLoss: (levels) => `pinballRatio@${levels.join(':')}`,
    constant: { name: 'quantiles of the labels', error: (value) => `pinball loss ${value} times theirs` },
    plot: { x: 'mean of the middle quantile', y: 'mean label' },
  },
  survival: {
    description: 'the probabilities of no event up to each cut point',
    number: 'The probability of no event up to this time.',
    labels: ['time'],
    perfect: (label, names) =>
      names.map((point) => (Number(point) < Math.abs(label) * (1 - 1e-6) ? 1 : label > 0 ? 0 : NaN)),
    isProbability: true,
    namesKey: 'times',
    hasMean: false,
    measuredAs: 'survival',
    normalizedLoss: (times) => `survivalRatio@${times.join(':')}`,
    constant: { name: 'life table of the rows', error: (value) => `log loss ${value} times its` },
    plot: { x: 'predicted survival up to the middle cut point', y: 'share of the life table', shows: 'life-table' },
  },
} satisfies Readonly<Record<string, PredictionType>>;

let areDefined = false;

/** Defines core's types when one is first asked for: a page that only predicts asks for none. */
function defineOwn(): void {
  if (areDefined) return;
  areDefined = true;
  for (const [name, type] of Object.entries(PREDICTION_TYPES))
    define('prediction', name, type, { package: '@polytask/core' });
}

/** The definition of a type. @throws PolytaskError when no such type is defined */
export function predictionType(type: string): PredictionType {
  defineOwn();
  return builderNamed<PredictionType>('prediction', type);
}

export function predictionTypes(): readonly string[] {
  defineOwn();
  return registered('prediction');
}

/** A row's prediction. Numbers are in the unit of the label. */
export interface Prediction {
  /**
   * Probabilities of classes add up to 1, and those of labels don't exclude one another. `survival`: the probabilities of no event up to
   * each of several times, which fall. `quantiles` ascend.
   */
  readonly type: keyof typeof PREDICTION_TYPES | Other;
  /** The names of its numbers: classes, labels, times, or the shares of quantiles, such as `0.9`. Without them, it is one number. */
  readonly names?: readonly string[];
}

/** The definition of a type of prediction in another package. */
export interface DefinePrediction
  extends
    Omit<PredictionType, 'measuredAs' | 'hasMean' | 'isProbability' | 'hasDecision' | 'interval'>,
    Pick<About, 'package'> {
  /** Default: false. */
  readonly isProbability?: boolean;
}

/**
 * Defines a type of prediction. All packages know it from then on: its numbers are measured, written to files, served, documented and exported.
 * Its metrics are those of `defineMetric` whose `task` is its name.
 *
 * @returns a function that gives the prediction of a kind of task: its numbers' names, none for a single number
 * @throws PolytaskError when the name is taken, or has no namespace, as `my-package/` is
 * @example
 * const angle = definePrediction('my-package/angle', {
 *   description: 'an angle in degrees',
 *   number: 'From 0 to 360.',
 *   labels: ['number'],
 *   perfect: (label) => [label],
 *   normalizedLoss: () => 'my-package/angle-ratio',
 *   constant: { name: 'mean angle', error: (value) => `${value} times its error` },
 * });
 * angle(); // { type: 'my-package/angle' }
 */
export function definePrediction<N extends Other>(
  name: N,
  { package: from, ...definition }: DefinePrediction,
): (names?: readonly string[]) => Prediction {
  checkNamespace('prediction', name);
  defineOwn();
  const type: PredictionType = { isProbability: false, ...definition, hasMean: false, measuredAs: name };
  const needed = ['description', 'number', 'labels', 'perfect', 'normalizedLoss', 'constant'];
  define('prediction', name, type, from === undefined ? {} : { package: from }, needed);
  return defining('prediction', name, (names) => ({ type: name, ...(names && { names }) }));
}

/** @throws PolytaskError for a name without a namespace: core's own types have none */
export function checkNamespace(what: 'label' | 'prediction', name: string): void {
  if (/^[^/]+\/./.test(name)) return;
  fail({
    expected: `a namespace in the name of a type of ${what}`,
    received: JSON.stringify(name),
    fix: `Name it "my-package/${name}".`,
  });
}
