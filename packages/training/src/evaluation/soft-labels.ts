import {
  checkOptions,
  checks,
  distinctGroups,
  doubleMath,
  fail,
  groupLossOf,
  labelEncoder,
  labelsOf,
  logitsOf,
  lossOf,
  permutation,
  predictionWidth,
  randomStream,
  rowLossOf,
  type Batch,
  type Examples,
  type MultiTaskModel,
  type Options,
  type Task,
  type Tasks,
} from '@polytask/core';
import type { EngineChoice } from '../engines/choose-engine.ts';
import { evaluate } from './evaluate.ts';

/** The options of {@link softLabels}. */
export interface SoftLabelOptions {
  /** The teacher's share of a label, above 0 and at most 1. Default 0.5. */
  readonly share?: number;
  /** The number of folds, 2 or more. Default 5. */
  readonly folds?: number;
  /** The seed of the folds. Default 0. */
  readonly seed?: number;
  /** The engine that predicts. Default `auto`. */
  readonly engine?: EngineChoice | undefined;
}

const options: Options<SoftLabelOptions> = {
  share: checks.optional(checks.number('a number above 0 and at most 1', (share) => share > 0 && share <= 1)),
  folds: checks.optional(checks.wholeNumber(2)),
  seed: checks.optional(checks.wholeNumber()),
  engine: () => {},
};

/**
 * Rows whose labels come in part from a teacher (knowledge distillation: Hinton et al., 2015): (1 − share) · y + share · ŷ. Each ŷ is
 * out of fold: a model that was trained on the other folds predicts it. Rows of one group are in one fold, if the rows have groups.
 *
 * The tasks are those of the teacher that {@link takesSoftLabels} allows. Rows without a label of a task stay without it.
 *
 * @param teach trains the teacher of a fold on the given rows. It may have fewer tasks. It is disposed of here
 * @returns rows for `fit`, which read `rows` again and are not to be evaluated on
 * @throws PolytaskError when an option doesn't fit, the rows are fewer than the folds, or no task can be taught
 * @example
 * const taught = await softLabels(train, async (rows) => {
 *   const model = multiTaskModel({ schema: rows.schema, ...gradientBoosting(), seed: 7 });
 *   await fit(model, rows, { validation, stopping: earlyStopping() });
 *   return model;
 * });
 */
export async function softLabels<T extends Tasks, Taught extends Tasks = T>(
  rows: Examples<T>,
  teach: (rows: Examples<T>) => Promise<MultiTaskModel<Taught>>,
  { share = 0.5, folds = 5, seed = 0, engine, ...others }: SoftLabelOptions = {},
): Promise<Examples<T>> {
  checkOptions({ share, folds, seed, ...others }, options, 'softLabels');
  const foldOf = dealt(rows, folds, seed);
  const taught = new Map<string, Float32Array>();
  for (let fold = 0; fold < folds; fold++) {
    const [own, rest] = [selected(foldOf, (each) => each === fold), selected(foldOf, (each) => each !== fold)];
    const model = (await teach(viewOf(rows, rest))) as unknown as MultiTaskModel; // of fewer tasks, perhaps
    try {
      const tasks = model.taskNames.filter((name) => takesSoftLabels(rows.schema.tasks[name]!));
      if (tasks.length === 0) untaught(model.schema.tasks);
      const { predictions } = await evaluate(model, viewOf(rows, own) as Examples, { engine, predictions: true });
      for (const task of tasks) {
        const encode = labelEncoder(rows.schema.tasks[task]!);
        if (!taught.has(task)) taught.set(task, new Float32Array(rows.size).fill(NaN));
        const all = taught.get(task)!;
        const { rows: places, predictions: known } = predictions[task]!;
        places.forEach((place, i) => (all[own[place]!] = encode(known[i]!)));
      }
    } finally {
      model.dispose();
    }
  }
  return {
    schema: rows.schema,
    size: rows.size,
    batch: (indices) => mixed(rows.batch(indices), indices, taught, share),
  };
}

/**
 * Whether a label of the task may lie between two labels: the task has one output, and its loss is linear in the label. (A part that
 * doesn't depend on the output may not be.) The loss of a soft label is then the mean of the losses of the labels that it is made of.
 *
 * @example takesSoftLabels(binary()) // true
 * @example takesSoftLabels(regression({ loss: 'absolute' })) // false
 */
export function takesSoftLabels(task: Task): boolean {
  if (predictionWidth(task) > 1 || logitsOf('', task) > 1) return false;
  const spec = lossOf(task);
  if (groupLossOf(spec, 1)) return false;
  const loss = rowLossOf(spec, 1);
  const gain = (z: number, y: number) => (loss(z, y, doubleMath) as number) - (loss(0, y, doubleMath) as number);
  return [-2, -0.5, 0.3, 1, 3].every((z) => {
    const [none, half, one] = [gain(z, 0), gain(z, 0.5), gain(z, 1)];
    return Math.abs(half - (none + one) / 2) <= 1e-9 * (Math.abs(none) + Math.abs(one));
  });
}

/** The labels of a batch with those of the teacher. @param taught by task, encoded; NaN for a row without a label */
function mixed(
  batch: Batch,
  indices: ArrayLike<number>,
  taught: ReadonlyMap<string, Float32Array>,
  share: number,
): Batch {
  const result: Batch = { ...batch, labels: batch.labels.slice() };
  for (const [task, soft] of taught) {
    if (!batch.tasks.includes(task)) continue;
    const { labels, weights } = labelsOf(result, task);
    for (let i = 0; i < labels.length; i++)
      if (weights[i]! > 0) labels[i] = (1 - share) * labels[i]! + share * soft[indices[i]!]!;
  }
  return result;
}

/** The fold of each row. */
function dealt(rows: Examples, folds: number, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: rows.size }, (_, row) => row);
  const grouped = rows.size > 0 && rows.batch([0]).groups !== undefined;
  const groups = grouped ? rows.batch(all).groups : undefined;
  const unit = groups ? numbered(distinctGroups(groups)) : all;
  const count = groups ? unit.reduce((most, each) => Math.max(most, each), -1) + 1 : rows.size;
  if (count < folds)
    fail({
      expected: `${groups ? 'groups' : 'rows'} for ${folds} folds`,
      received: `${count}`,
      mend: 'Train without a teacher.',
    });
  const foldOfUnit = new Uint32Array(count);
  permutation(randomStream(seed, 'teacher'), count).forEach(
    (each, place) => (foldOfUnit[each] = Math.floor((place * folds) / count)),
  );
  return unit.map((each) => foldOfUnit[each]!);
}

/** Numbers groups from 0. */
function numbered(groups: Int32Array): Uint32Array {
  const numbers = new Map<number, number>();
  return Uint32Array.from(groups, (group) => {
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
}

const selected = (foldOf: Uint32Array, isIn: (fold: number) => boolean): Uint32Array =>
  Uint32Array.from([...foldOf.keys()].filter((row) => isIn(foldOf[row]!)));

const viewOf = <T extends Tasks>(examples: Examples<T>, rows: Uint32Array): Examples<T> => ({
  ...{ schema: examples.schema, size: rows.length },
  batch: (indices) => examples.batch(Uint32Array.from(indices, (index) => rows[index]!)),
});

function untaught(tasks: Tasks): never {
  return fail({
    expected: 'a task with one output whose loss is linear in the label, which a teacher can teach',
    received: Object.entries(tasks)
      .map(([name, task]) => `${name}, ${task.kind} with ${lossOf(task).name}`)
      .join('; '),
    mend: 'Train without a teacher.',
  });
}
