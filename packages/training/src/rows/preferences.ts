import {
  custom,
  fail,
  optional,
  positive,
  readOptions,
  sum,
  wholeNumber,
  type FromDescription,
  type Written,
} from '@polytask/components';
import {
  layoutOf,
  randomStream,
  groupLossOf,
  labelsInOrder,
  lossOf,
  type Examples,
  type RandomStream,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { hashOf } from './rows.ts';

const halves = custom<number>(
  (alpha, where) => {
    if (Number.isInteger(2 * positive.read(alpha, where))) return;
    fail({ expected: `a multiple of 0.5 for ${where}`, received: String(alpha), fix: 'Pass 0.5, 1 or 1.5, say.' });
  },
  { words: 'a multiple of 0.5, above 0' },
);

const description = {
  /** The concentration of the Dirichlet distribution, a multiple of ½: 1 is uniform, ½ draws more of the extremes. */
  alpha: optional(halves, 1),
  /** The seed of the draws. */
  seed: optional(wholeNumber(), 0),
};

export interface PreferenceOptions extends Written<typeof description>, FromDescription {}

/**
 * Rows for one model of all trade-offs between tasks: the model takes a preference as a further feature, so you choose one when you
 * predict. The feature `preference` is a vector with a number of 0 or more for each task, in the order of the tasks; the sum is 1.
 *
 * Each row of a batch gets a preference p ~ Dirichlet(α), and its weight for task t is multiplied by p_t. A task's loss is a weighted
 * mean, and all tasks have the same mean of p. So a step follows T · E[Σ p_t L_t(x, p)] of T tasks (loss-conditional training, eq. 4).
 * A batch of the same rows in the same order has the same preferences, and a shuffled epoch new ones.
 *
 * Papers: Ruchte & Grabocka, ICDM 2021 (COSMOS), whose penalty for the angle between losses and preference is left out; Dosovitskiy &
 * Djolonga, ICLR 2020. COSMOS draws for a batch; rows of one batch must differ here, or the weighted mean would cancel p.
 *
 * @returns rows for `fit`, which are not to be evaluated on: see {@link atPreference}
 * @throws PolytaskError when an option doesn't fit, the schema has a feature of this name or fewer than two tasks, or the loss of a task
 *   compares rows
 * @example
 * const rows = drawPreferences(train, { seed: 7 });
 * const model = multiTaskModel({ schema: rows.schema, network: mmoe({ levels }), seed: 7 }); // its gates read the preference, too
 * await fit(model, rows, { validation: atPreference(validation) });
 * model.predict([{ age: 41, preference: [0.8, 0.2] }]);
 */
export function drawPreferences<T extends Tasks>(rows: Examples<T>, options: PreferenceOptions = {}): Examples<T> {
  const { alpha, seed } = readOptions(options, description, 'drawPreferences');
  for (const [task, declared] of Object.entries(rows.schema.tasks)) {
    if (groupLossOf(lossOf(declared), 1))
      fail({
        expected: 'tasks whose loss is a mean over rows, which a preference of a row can weigh',
        received: `${task} with ${lossOf(declared).name}, which compares rows`,
        fix: 'Choose another loss for the task.',
      });
  }
  const tasks = Object.keys(rows.schema.tasks).length;
  const drawn = (indices: ArrayLike<number>) =>
    dirichlet(randomStream(seed, `preferences.${hashOf(indices) >>> 0}`), alpha, indices.length, tasks);
  return withFeature(rows, drawn, (weight, share) => weight * share);
}

/**
 * Rows with one preference for all of them, and their labels and weights as they are: for validation and tests of a model that was
 * trained on {@link drawPreferences}.
 *
 * @param preference a number of 0 or more for each task, whose sum is 1. Default: all equal
 * @throws PolytaskError when the preference doesn't fit the tasks, or the schema has a feature of this name or fewer than two tasks
 * @example const { income } = await evaluate(model, atPreference(test, [0.8, 0.2]));
 */
export function atPreference<T extends Tasks>(rows: Examples<T>, preference?: readonly number[]): Examples<T> {
  const names = Object.keys(rows.schema.tasks);
  const fixed = preference ?? names.map(() => 1 / names.length);
  const isShare = (value: unknown) => typeof value === 'number' && value >= 0;
  if (fixed.length !== names.length || !fixed.every(isShare) || Math.abs(sum(fixed) - 1) > 1e-6)
    fail({
      expected: `a number of 0 or more for each task (${names.join(', ')}), with the sum 1`,
      received: `[${fixed.join(', ')}]`,
      fix: 'Divide the numbers by their sum.',
    });
  const same = (indices: ArrayLike<number>) =>
    Float64Array.from({ length: indices.length * names.length }, (_, i) => fixed[i % names.length]!);
  return withFeature(rows, same, (weight) => weight);
}

const NAME = 'preference';

/** Rows with one vector feature more. @param sharesOf gives it, [size × tasks] @param weigh gives the weight of a label */
function withFeature<T extends Tasks>(
  rows: Examples<T>,
  sharesOf: (indices: ArrayLike<number>) => Float64Array,
  weigh: (weight: number, share: number) => number,
): Examples<T> {
  const names = Object.keys(rows.schema.tasks);
  const { features } = rows.schema;
  const tasks = names.length;
  if (tasks < 2 || Object.hasOwn(features, NAME))
    fail({
      expected: `two tasks or more, and no feature "${NAME}"`,
      received: `tasks ${names.join(', ')}, and features ${Object.keys(features).join(', ')}`,
      fix: 'Rename the column, or pass the rows as they were.',
    });
  const schema: Schema<T> = { ...rows.schema, features: { ...features, [NAME]: { kind: 'vector', width: tasks } } };
  const before = layoutOf(rows.schema).numeric; // the new columns are behind them
  return {
    schema,
    size: rows.size,
    batch(indices) {
      const read = rows.batch(indices);
      const { size } = read;
      const batch = { ...read, ...labelsInOrder(read, names) };
      const shares = sharesOf(indices);
      const numeric = new Float32Array(size * (before + tasks));
      for (let row = 0; row < size; row++) {
        const at = row * (before + tasks);
        numeric.set(read.numeric.subarray(row * before, (row + 1) * before), at);
        numeric.set(shares.subarray(row * tasks, (row + 1) * tasks), at + before);
      }
      const shareAt = (i: number) => shares[(i % size) * tasks + Math.floor(i / size)]!; // labels are task by task
      return { ...batch, numeric, weights: batch.weights.map((weight, i) => weigh(weight, shareAt(i))) };
    },
  };
}

/** Draws of a Dirichlet distribution: shares of gamma variables, each half a sum of 2α squared normal ones. @returns [size × tasks] */
function dirichlet(stream: RandomStream, alpha: number, size: number, tasks: number): Float64Array {
  const shares = new Float64Array(size * tasks);
  for (let k = 0; k < 2 * alpha; k++) stream.normal(shares.length).forEach((x, i) => (shares[i]! += x * x));
  for (let row = 0; row < size; row++) {
    const own = shares.subarray(row * tasks, (row + 1) * tasks);
    const whole = sum(own);
    own.forEach((draw, t) => (own[t] = draw / whole));
  }
  return shares;
}
