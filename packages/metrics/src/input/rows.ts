import { MetricError, show } from '../metric-error.ts';
import type { GroupArray, NumericArray, UpdateOptions } from '../metric.ts';
import { gather, keptRows, requireArray, requireLength, requireValues, toFloat64 } from './columns.ts';
import { labelRules, predictionRules, weightRule } from './rules.ts';

/** What a metric accepts. */
export interface RowRules {
  /** The name in error messages. */
  readonly where: string;
  readonly label: keyof typeof labelRules;
  readonly prediction: keyof typeof predictionRules;
  readonly grouped?: boolean;
  /** The number of classes of class labels, once it is known; else it is predictions / labels. */
  readonly classes?: number | undefined;
}

/** Checked rows, without the masked ones, in arrays of their own. */
export interface Rows {
  readonly count: number;
  /** Columns of `predictions`: the number of classes for class labels, else 1. */
  readonly width: number;
  readonly labels: Float64Array; // [count]
  readonly predictions: Float64Array; // [count × width]
  readonly weights: Float64Array; // [count]
  readonly groups: readonly (number | string)[] | undefined; // [count]
  /** The places of the rows before masking, for messages. */
  readonly kept: Uint32Array | undefined; // [count]
}

const countClasses = (
  { where, classes }: RowRules,
  labels: NumericArray,
  predictions: NumericArray,
  noun: string,
): number => {
  if (labels.length === 0 && predictions.length === 0) return classes ?? 2;
  const found = predictions.length / labels.length;
  if (Number.isInteger(found) && found >= 2 && found === (classes ?? found)) return found;
  throw new MetricError(
    where,
    `${predictions.length} ${noun} for ${labels.length} labels`,
    `rows × classes ${noun} with ${classes === undefined ? '2 classes or more' : `${classes} classes as before`}, row by row`,
    'Flatten the [rows, classes] matrix; for a single probability a row use the binary metrics.',
  );
};

const readGroups = (where: string, given: GroupArray | undefined, rows: number, kept: Uint32Array | undefined) => {
  if (given === undefined) {
    throw new MetricError(
      where,
      'no groups',
      'the group of each row',
      'Pass { groups }, for instance user or query ids.',
    );
  }
  requireArray(where, 'groups', given);
  requireLength(where, 'groups', given, rows);
  const count = kept ? kept.length : rows;
  const groups = new Array<number | string>(count);
  for (let i = 0; i < count; i++) {
    const place = kept ? kept[i]! : i;
    const key = given[place];
    if (typeof key !== 'string' && !Number.isFinite(key)) {
      throw new MetricError(
        where,
        `groups[${place}] = ${show(key)}`,
        'a finite number or a string',
        'Give each row the id of its user or query.',
      );
    }
    groups[i] = key!;
  }
  return groups;
};

/**
 * The one door for rows: checks lengths and values, drops masked rows, fills in weights of 1.
 *
 * @throws MetricError naming the metric, the argument, the place and the value
 */
export const readRows = (
  rules: RowRules,
  labels: NumericArray,
  predictions: NumericArray,
  options: UpdateOptions = {},
): Rows => {
  const { where } = rules;
  const labelRule = labelRules[rules.label];
  const predictionRule = predictionRules[rules.prediction];
  requireArray(where, labelRule.noun, labels);
  requireArray(where, predictionRule.noun, predictions);
  const multiclass = rules.label === 'class';
  const width = multiclass ? countClasses(rules, labels, predictions, predictionRule.noun) : 1;
  if (!multiclass) requireLength(where, predictionRule.noun, predictions, labels.length);

  let kept: Uint32Array | undefined;
  if (options.mask !== undefined) {
    requireArray(where, 'mask', options.mask);
    requireLength(where, 'mask entries', options.mask, labels.length);
    kept = keptRows(where, options.mask);
  }
  const read = (
    rule: typeof labelRule | typeof predictionRule | typeof weightRule,
    given: NumericArray,
    columns: number,
  ) => {
    const all = toFloat64(given);
    const values = kept ? gather(all, kept, columns) : all;
    requireValues(where, rule, values, { given, kept, width: columns, classes: width });
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
  const groups = rules.grouped ? readGroups(where, options.groups, labels.length, kept) : undefined;
  return { count: y.length, width, labels: y, predictions: p, weights, groups, kept };
};
