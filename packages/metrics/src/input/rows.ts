import { sum } from '@polytask/components';
import { MetricError, requireOptions, show } from '../metric-error.ts';
import type { GroupArray, NumericArray, UpdateOptions } from '../metric.ts';

/** The allowed values of labels, predictions or weights, with the words of their error messages. */
export interface ValueRule {
  /** The argument's name in error messages. */
  readonly noun: string;
  readonly accepts: (value: number, classes: number) => boolean;
  readonly expected: (classes: number) => string;
  readonly remedy: string;
}

/** Probabilities are clamped to [0, 1]: float32 kernels may leave it by rounding. A larger error is a mistake, usually logits. */
const PROBABILITY_SLACK = 1e-6;

const rule = (
  noun: string,
  accepts: ValueRule['accepts'],
  expected: ValueRule['expected'],
  remedy: string,
): ValueRule => ({ noun, accepts, expected, remedy });

const finite = () => 'a finite number';
const MASK = 'Leave rows without a label out with { mask }.';
const DIVERGED = 'Look for a diverged model, or leave the row out with { mask }.';

export const labelRules = {
  binary: rule(
    'labels',
    (value) => value === 0 || value === 1,
    () => '0 or 1',
    `Convert the labels to 0 and 1. ${MASK}`,
  ),
  class: rule(
    'labels',
    (value, classes) => Number.isInteger(value) && value >= 0 && value < classes,
    (classes) => `a class index from 0 to ${classes - 1}`,
    `Encode classes as 0, 1, 2, … in the order of the prediction columns. ${MASK}`,
  ),
  mask: rule(
    'labels',
    (value, labels) => Number.isInteger(value) && value >= 0 && value < 2 ** labels,
    (labels) => `a bit mask from 0 to ${2 ** labels - 1}`,
    `Give each row the sum of 2^i over its labels i. ${MASK}`,
  ),
  time: rule('labels', Number.isFinite, () => 'a finite time, negative for a censored row', MASK),
  value: rule('labels', Number.isFinite, finite, MASK),
  gain: rule(
    'labels',
    (value) => value >= 0 && value < Infinity,
    () => 'a finite gain >= 0',
    `Shift the gains to start at 0. ${MASK}`,
  ),
  grade: rule(
    'labels',
    (value) => value >= 0 && value <= 1000,
    () => 'a relevance grade from 0 to 1000 (its gain is 2^grade - 1)',
    "Use small grades such as 0–4, or { gain: 'linear' } for gains like watch time.",
  ),
} as const;

export const predictionRules = {
  score: rule('scores', Number.isFinite, finite, DIVERGED),
  probability: rule(
    'probabilities',
    (value) => value >= -PROBABILITY_SLACK && value <= 1 + PROBABILITY_SLACK,
    () => 'a probability in [0, 1]',
    'Apply a sigmoid or softmax to logits; if it is NaN, look for a diverged model or leave the row out with { mask }.',
  ),
  value: rule('predictions', Number.isFinite, finite, DIVERGED),
} as const;

/** The labels and predictions of metrics of a task. */
export const taskRules = {
  binary: { label: 'binary', prediction: 'probability' },
  multiclass: { label: 'class', prediction: 'probability' },
  'multi-label': { label: 'mask', prediction: 'probability' },
  regression: { label: 'value', prediction: 'value' },
  survival: { label: 'time', prediction: 'probability' },
  ranking: { label: 'grade', prediction: 'score' },
  quantiles: { label: 'value', prediction: 'value' },
} as const;

/** The rules of a task. Those of another package are of numbers, of which the metric says how many. */
export const rulesOf = (
  task: string,
): { readonly label: keyof typeof labelRules; readonly prediction: keyof typeof predictionRules } =>
  (taskRules as Readonly<Record<string, (typeof taskRules)[keyof typeof taskRules]>>)[task] ?? taskRules.regression;

export const weightRule = rule(
  'weights',
  (value) => value >= 0 && value < Infinity,
  () => 'a finite weight >= 0',
  'A weight of 0 drops a row.',
);

/**
 * The weighted mean of a number of each label; 0 without weight.
 *
 * @example
 * weightedMean([1, 2, 6], [1, 1, 2]); // 3.75
 */
export function weightedMean(
  labels: NumericArray,
  weights: NumericArray,
  valueOf: (label: number) => number = (label) => label,
): number {
  const total = sum(weights);
  return total > 0 ? sum(labels, (label, row) => weights[row]! * valueOf(label)) / total : 0;
}

/** The weighted mean of a number of each label and column, such as the shares of classes. */
export const weightedMeans =
  (valueOf: (label: number, column: number) => number) =>
  (labels: NumericArray, weights: NumericArray, width: number): number[] =>
    Array.from({ length: width }, (_, column) => weightedMean(labels, weights, (label) => valueOf(label, column)));

export const requireArray = (where: string, noun: string, value: unknown): void => {
  const isArray = ArrayBuffer.isView(value)
    ? !(value instanceof DataView)
    : typeof value === 'object' && value !== null && Number.isInteger((value as { length?: unknown }).length);
  if (isArray) return;
  throw new MetricError(
    where,
    `${show(value)} for ${noun}`,
    'a typed array or an array',
    `Pass ${noun} as e.g. a Float32Array.`,
  );
};

/** Requires an array with one entry for each label. */
export const requireColumn = (where: string, noun: string, values: ArrayLike<unknown>, length: number): void => {
  requireArray(where, noun, values);
  if (values.length === length) return;
  throw new MetricError(
    where,
    `${values.length} ${noun} for ${length} labels`,
    'one a row',
    'Cut both from the same rows, in the same order.',
  );
};

/** A copy. Entries that aren't numbers become NaN, which no rule accepts. */
export const toFloat64 = (values: NumericArray): Float64Array => {
  const isNumbers =
    ArrayBuffer.isView(values) && !(values instanceof BigInt64Array || values instanceof BigUint64Array);
  if (isNumbers) return new Float64Array(values);
  const copy = new Float64Array(values.length);
  for (let i = 0; i < copy.length; i++) {
    const value: unknown = values[i];
    copy[i] = typeof value === 'number' ? value : NaN;
  }
  return copy;
};

const maskedRows = (where: string, mask: ArrayLike<number | boolean>): Uint32Array => {
  const rows = new Uint32Array(mask.length);
  let count = 0;
  for (let i = 0; i < mask.length; i++) {
    const keep = mask[i];
    if (keep === 1 || keep === true) rows[count++] = i;
    else if (keep !== 0 && keep !== false) {
      throw new MetricError(
        where,
        `mask[${i}] = ${show(keep)}`,
        '0, 1, false or true',
        'Write 1 for rows to keep and 0 for rows to leave out.',
      );
    }
  }
  return rows.subarray(0, count);
};

export const gather = (values: Float64Array, rows: Uint32Array, width: number): Float64Array => {
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    for (let c = 0; c < width; c++) out[i * width + c] = values[rows[i]! * width + c]!;
  }
  return out;
};

/** The labels and predictions that a metric accepts. */
export interface RowRules {
  /** The metric's name in error messages. */
  readonly where: string;
  readonly label: keyof typeof labelRules;
  readonly prediction: keyof typeof predictionRules;
  readonly grouped?: boolean;
  /** The number of predictions of a row that isn't of classes. Default 1. */
  readonly columns?: number;
  /** The number of classes, labels or times, once it is known. Default: predictions / labels. */
  readonly classes?: number | undefined;
}

/** Checked copies of the rows that the mask selects. */
export interface MetricRows {
  readonly count: number;
  /** Columns of `predictions`: the number of classes or labels where the rows say it, otherwise `columns`. */
  readonly width: number;
  readonly labels: Float64Array; // [count]
  readonly predictions: Float64Array; // [count × width]
  readonly weights: Float64Array; // [count]
  readonly groups: readonly (number | string)[] | undefined; // [count]
  /** The index of each row before masking, for error messages. Undefined without a mask. */
  readonly kept: Uint32Array | undefined; // [count]
}

/** The labels of predictions with several columns, whose number the rows say: what the columns are, and how many there are at least. */
const COUNTED: Partial<Record<keyof typeof labelRules, readonly [names: string, least: number]>> = {
  class: ['classes', 2],
  mask: ['labels', 2],
  time: ['times', 1],
};

/** Whether the rows say how many predictions each has, and not the metric. */
export const countsColumns = ({ label, columns }: Pick<RowRules, 'label' | 'columns'>): boolean =>
  columns === undefined && COUNTED[label] !== undefined;

const countClasses = (
  { where, classes, label }: RowRules,
  labels: NumericArray,
  predictions: NumericArray,
  noun: string,
): number => {
  const [names, least] = COUNTED[label]!;
  requireArray(where, noun, predictions);
  if (labels.length === 0 && predictions.length === 0) return classes ?? least;
  const columns = predictions.length / labels.length;
  if (Number.isInteger(columns) && columns >= least && columns === (classes ?? columns)) return columns;
  throw new MetricError(
    where,
    `${predictions.length} ${noun} for ${labels.length} labels`,
    `rows × ${names} ${noun} ` +
      `with ${classes === undefined ? `${least} ${names} or more` : `${classes} ${names} as before`}, row by row`,
    `Flatten the [rows, ${names}] matrix; for a single probability a row use the binary metrics.`,
  );
};

const readGroups = (where: string, ids: GroupArray | undefined, length: number, selected: Uint32Array | undefined) => {
  if (ids === undefined) {
    throw new MetricError(
      where,
      'no groups',
      'the group of each row',
      'Pass { groups }, for instance user or query ids.',
    );
  }
  requireColumn(where, 'groups', ids, length);
  const groups = new Array<number | string>(selected?.length ?? length);
  for (let i = 0; i < groups.length; i++) {
    const index = selected ? selected[i]! : i;
    const key = ids[index];
    if (typeof key !== 'string' && !Number.isFinite(key)) {
      throw new MetricError(
        where,
        `groups[${index}] = ${show(key)}`,
        'a finite number or a string',
        'Give each row the id of its user or query.',
      );
    }
    groups[i] = key!;
  }
  return groups;
};

/** Reads the rows of all metrics. @throws MetricError with the metric, the argument, the index and the value */
export const readRows = (
  rules: RowRules,
  labels: NumericArray,
  predictions: NumericArray,
  options: UpdateOptions = {},
): MetricRows => {
  const { where } = rules;
  requireOptions(where, options, ['weights', 'mask', 'groups']);
  const labelRule = labelRules[rules.label];
  const predictionRule = predictionRules[rules.prediction];
  requireArray(where, labelRule.noun, labels);
  const counted = countsColumns(rules);
  const { columns: own = 1 } = rules;
  const width = counted ? countClasses(rules, labels, predictions, predictionRule.noun) : own;
  if (!counted) requireColumn(where, predictionRule.noun, predictions, labels.length * own);

  let selected: Uint32Array | undefined;
  if (options.mask !== undefined) {
    requireColumn(where, 'mask entries', options.mask, labels.length);
    selected = maskedRows(where, options.mask);
  }
  /** The selected rows of an array, which must follow the rule. An error has the index in the caller's array. */
  const read = (rule: ValueRule, array: NumericArray, columns: number) => {
    const copy = toFloat64(array);
    const values = selected ? gather(copy, selected, columns) : copy;
    for (let i = 0; i < values.length; i++) {
      if (rule.accepts(values[i]!, width)) continue;
      const index = selected ? selected[Math.floor(i / columns)]! * columns + (i % columns) : i;
      throw new MetricError(where, `${rule.noun}[${index}] = ${show(array[index])}`, rule.expected(width), rule.remedy);
    }
    return values;
  };

  const y = read(labelRule, labels, 1);
  const p = read(predictionRule, predictions, width);
  if (rules.prediction === 'probability') for (let i = 0; i < p.length; i++) p[i] = Math.min(1, Math.max(0, p[i]!));
  let weights: Float64Array;
  if (options.weights === undefined) weights = new Float64Array(y.length).fill(1);
  else {
    requireColumn(where, 'weights', options.weights, labels.length);
    weights = read(weightRule, options.weights, 1);
  }
  const groups = rules.grouped ? readGroups(where, options.groups, labels.length, selected) : undefined;
  return { count: y.length, width, labels: y, predictions: p, weights, groups, kept: selected };
};
