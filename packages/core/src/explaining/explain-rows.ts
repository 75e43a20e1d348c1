import {
  anything,
  fail,
  optional,
  readOptions,
  recordOf,
  wholeNumber,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import type { Batch, Examples } from '../features/batch.ts';
import type { Row } from '../features/schema.ts';
import type { MultiTaskModel } from '../model/model.ts';
import { readable } from '../model/predictions.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { sampleBackground } from './background.ts';
import { explainedFeatures, type ExplainedRow, type Explaining, type ExpertShares } from './explaining.ts';
import { taskScale, type ExplainedScale } from './explained-scale.ts';
import { byNetwork, explainerOf } from './network-values.ts';
import { byRuns } from './run-values.ts';

const options = {
  /**
   * The rows whose values an unknown feature has, such as the training table. Boosted trees need none: without them, unknown features follow
   * the shares of the training rows.
   */
  background: optional(anything as Option<readonly Row[] | Examples | Batch>),
  /** How many rows of the background are used at most, sampled at random. More are slower and more exact. For networks, the sample is stratified by rare values of features. */
  backgroundRows: optional(wholeNumber(1), 100),
  /** The seed of the drawn rows, and of the orders in which features are added. */
  seed: optional(wholeNumber(), 0),
  signal: optional(anything as Option<AbortSignal>),
};

export interface ExplainRowsOptions extends Written<typeof options>, FromDescription {}

/** Why one number of a row's prediction is what it is. `value` is `base` plus all `contributions`. */
export interface OutputExplanation {
  /** A class, a label or a quantile, of a task that predicts several. */
  readonly name?: string;
  /** As `predict` gives it, calibrated. */
  readonly prediction: number;
  /** The uncalibrated prediction on the scale of the task. */
  readonly value: number;
  /** The mean of `value` where no feature is known. */
  readonly base: number;
  /** By feature. */
  readonly contributions: Readonly<Record<string, number>>;
  /** The standard error of each contribution over the several background rows, if orders of the features were sampled. */
  readonly errors?: Readonly<Record<string, number>>;
  /**
   * The same difference, divided among the experts of the last fusion level, by unit (`shared` for shared ones, `pool` for those of a pool),
   * and its gates. Undefined for a network without levels that tasks share, and with experts of one unit only.
   */
  readonly experts?: ExpertShares;
}

export interface TaskExplanation {
  readonly scale: ExplainedScale;
  readonly outputs: readonly OutputExplanation[];
}

export interface RowsExplanation<T extends Tasks = Tasks> {
  /** `trees`: exact, from the trees. `enumeration`: exact, over all coalitions of at most five features. `sampling`: with standard errors. */
  readonly method: 'trees' | 'enumeration' | 'sampling';
  /** How many background rows there are. 0: the training rows of the trees. */
  readonly background: number;
  readonly rows: readonly { readonly [K in keyof T]: TaskExplanation }[];
}

/**
 * Explains the predictions of rows: the Shapley values of the features (Lundberg & Lee, NeurIPS 2017), whose sum with the base value is the
 * prediction on the scale of the task. A feature that fills several columns, such as a date, a text or a set, counts once.
 *
 * Of boosted trees they are exact (TreeSHAP). Of other models they are means over the background rows, exact for up to five features; of more, each
 * background row adds the features in a random order and in its reverse. A sample of the background is stratified by rare values. The model runs on the current backend of TensorFlow.js.
 *
 * @param rows rows as objects, an encoded table, or a batch
 * @throws PolytaskError for a network without background rows, an unknown option, or a value that doesn't fit its feature
 * @example
 * const { rows } = await explainRows(model, [{ age: 41, occupation: 'Sales' }], { background: train });
 * rows[0]!.income.outputs[0]!.contributions; // { age: 0.41, occupation: -0.08 }
 */
export async function explainRows<T extends Tasks, F extends string = string>(
  model: MultiTaskModel<T, F>,
  rows: readonly Row<F>[] | Examples | Batch,
  given: ExplainRowsOptions = {},
): Promise<RowsExplanation<T>> {
  const { background: others, backgroundRows, seed, signal } = readOptions(given, options, 'explainRows');
  const { layout, members, schema, taskNames } = model;
  const read = (each: readonly Row[] | Examples | Batch) =>
    readable(each, (own) => model.encode(own as readonly Row<F>[]));
  const all = read(rows);
  const batch = all.slice(0, all.size);
  const features = explainedFeatures(layout);
  const explainer = explainerOf(model);
  const sampled = { count: backgroundRows, seed, layout };
  const background = others && sampleBackground(read(others), explainer ? [] : features, sampled);
  if (background?.batch.size === 0 || !(background || explainer))
    fail({
      expected: 'background rows, whose values an unknown feature has',
      received: background ? 'an empty list' : 'none',
      fix: 'Pass background: the training table, for example.',
    });
  const explaining: Explaining = {
    ...{ model: model as unknown as MultiTaskModel, features, rows: batch, background, seed, signal },
    scales: taskNames.map((task) => taskScale(schema.tasks[task]!, members)),
  };
  const predictions = await model.predictAsync(batch);
  const { method, explained } = explainer ? await byNetwork(explaining, explainer) : await byRuns(explaining);
  const named = (values: ArrayLike<number>) =>
    recordOf(
      features.map(({ name }) => name),
      (_, f) => values[f]!,
    );
  const taskOf = (row: ExplainedRow, r: number, t: number): TaskExplanation => {
    const { scale, names } = explaining.scales[t]!;
    const outputs = row[t]!.map(({ base, value, contributions, errors, experts }, i): OutputExplanation => ({
      ...(names.length > 0 && { name: names[i]! }),
      prediction: predictions[taskNames[t]!][r * row[t]!.length + i]!,
      ...{ value, base, contributions: named(contributions) },
      ...(errors && { errors: named(errors) }),
      ...(experts && { experts }),
    }));
    return { scale, outputs };
  };
  return {
    method,
    background: background?.batch.size ?? 0,
    rows: explained.map((row, r) => recordOf(taskNames, (_, t) => taskOf(row, r, t))) as RowsExplanation<T>['rows'],
  };
}
