import { MetricError, requireOptions, show } from '../metric-error.ts';
import type { GroupArray, NumericArray, UpdateOptions } from '../metric.ts';
import { gather, maskedRows, requireArray, requireLength, requireValues, toFloat64 } from './columns.ts';
import { labelRules, predictionRules, weightRule } from './rules.ts';

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
  requireArray(where, 'groups', ids);
  requireLength(where, 'groups', ids, length);
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

/**
 * Reads the rows of all metrics. It checks lengths and values, drops masked rows, and sets missing weights to 1.
 *
 * @throws MetricError with the metric, the argument, the index and the value
 */
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
  requireArray(where, predictionRule.noun, predictions);
  const counted = countsColumns(rules);
  const { columns: own = 1 } = rules;
  const width = counted ? countClasses(rules, labels, predictions, predictionRule.noun) : own;
  if (!counted) requireLength(where, predictionRule.noun, predictions, labels.length * own);

  let selected: Uint32Array | undefined;
  if (options.mask !== undefined) {
    requireArray(where, 'mask', options.mask);
    requireLength(where, 'mask entries', options.mask, labels.length);
    selected = maskedRows(where, options.mask);
  }
  const read = (
    rule: typeof labelRule | typeof predictionRule | typeof weightRule,
    array: NumericArray,
    columns: number,
  ) => {
    const copy = toFloat64(array);
    const values = selected ? gather(copy, selected, columns) : copy;
    requireValues(where, rule, values, { array, rows: selected, width: columns, classes: width });
    return values;
  };

  const y = read(labelRule, labels, 1);
  const p = read(predictionRule, predictions, width);
  if (rules.prediction === 'probability') for (let i = 0; i < p.length; i++) p[i] = Math.min(1, Math.max(0, p[i]!));
  let weights: Float64Array;
  if (options.weights === undefined) weights = new Float64Array(y.length).fill(1);
  else {
    requireArray(where, 'weights', options.weights);
    requireLength(where, 'weights', options.weights, labels.length);
    weights = read(weightRule, options.weights, 1);
  }
  const groups = rules.grouped ? readGroups(where, options.groups, labels.length, selected) : undefined;
  return { count: y.length, width, labels: y, predictions: p, weights, groups, kept: selected };
};
