import {
  anything,
  checkKnown,
  fail,
  number,
  optional,
  readOptions,
  recordOf,
  wholeNumber,
  type FromDescription,
  type Option,
  type Read,
  type Written,
} from '@polytask/components';
import {
  doubleMath,
  predictionTypeOf,
  type PredictionType,
  labelsOf,
  logitsOf,
  permutation,
  randomStream,
  rowLossOf,
  distinctGroups,
  groupLossOf,
  labelEncoder,
  lossOf,
  predictionWidth,
  type Batch,
  type Examples,
  type MultiTaskModel,
  type Schema,
  type Task,
  type Tasks,
} from '@polytask/core';
import type { EngineChoice } from '../engines/choose-engine.ts';
import { differences } from './check-examples.ts';
import { evaluate } from './evaluate.ts';
import type { TaskPredictions } from './measure.ts';
import { hashOf, viewOf } from '../rows/rows.ts';

const description = {
  /** The teacher's share of a label, above 0 and at most 1. */
  share: optional(number({ above: 0, to: 1 }), 0.5),
  /** The number of folds, 2 or more. A teacher that is trained already has none. */
  folds: optional(wholeNumber(2), 5),
  /** The seed of the folds. */
  seed: optional(wholeNumber(), 0),
  /** [rows] the group of each row, such as its user. Rows of one group are in one fold. Default: the groups that the rows have. */
  groups: optional(anything as Option<ArrayLike<number>>),
  /** [rows] the time of each row, in place of groups: each fold is a period, and rows of one time are in one fold. */
  times: optional(anything as Option<ArrayLike<number>>),
  /** The engine that predicts. */
  engine: optional(anything as Option<EngineChoice>, 'auto'),
  /** The rows as a trained teacher encodes them, in the same order: `encode(table, teacher.schema)`. Default: the rows themselves. */
  teacherRows: optional(anything as Option<Examples>),
};

export interface SoftLabelOptions extends Written<typeof description>, FromDescription {}

/** The out-of-fold predictions of a task: a share of them is mixed into the labels, or takes their place, at random. */
interface Taught {
  readonly type: PredictionType;
  readonly how: 'mixed' | 'drawn';
  /** Row-major [rows × width], encoded; NaN for a row without a label. */
  readonly soft: Float32Array;
  readonly width: number;
}

/**
 * Rows whose labels come in part from a teacher (knowledge distillation: Hinton et al., 2015). Each prediction ŷ of the teacher is
 * out of fold: a model that was trained on the other folds predicts it. Folds are random, with whole `groups`, or periods of `times`.
 * Pass the groups or times by which you split off the test rows: else the teacher knows users, or days, of the rows that it predicts.
 *
 * - A label that may lie between two labels is (1 − share) · y + share · ŷ.
 * - A class, one of several labels, or a yes or no whose loss isn't linear can't lie between. In each batch anew, a share of them is
 *   drawn from the teacher's probabilities. The expected loss is that of a soft label. The draws depend on the seed and on the rows of
 *   the batch, so a training repeats.
 *
 * The tasks are those of the teacher that {@link takesSoftLabels} allows. Rows without a label of a task stay without it.
 *
 * A trained model can be the teacher, too, such as a large one or an ensemble whose student is small. It predicts all rows. Rows that it
 * was trained on come back through its predictions, so stop its training early. So can the predictions of a model of another program.
 *
 * @param teacher a trained model, which you dispose of; or a function that trains the teacher of a fold on the given rows,
 *   which is disposed of here; or predictions of the rows by task, in the units of the labels. It may have fewer tasks
 * @returns rows for `fit`, which read `rows` again and are not to be evaluated on
 * @throws PolytaskError when an option doesn't fit, the rows are fewer than the folds, no task can be taught, or
 *   a trained teacher encodes features in another way
 * @throws PolytaskError when a trained teacher has other tasks, or a task with other labels
 * @example
 * const taught = await softLabels(train, async (rows) => {
 *   const model = multiTaskModel({ schema: rows.schema, ...gradientBoosting(), seed: 7 });
 *   await fit(model, rows, { validation, stopping: earlyStopping() });
 *   return model;
 * });
 */
export async function softLabels<T extends Tasks, Teacher extends Tasks = T>(
  rows: Examples<T>,
  teacher: MultiTaskModel<Teacher> | ((rows: Examples<T>) => Promise<MultiTaskModel<Teacher>>) | GivenPredictions,
  options: SoftLabelOptions = {},
): Promise<Examples<T>> {
  const read = readOptions(options, description, 'softLabels');
  const { share, folds, seed, engine, teacherRows = rows as unknown as Examples } = read;
  const taught = new Map<string, Taught>();
  const result: Examples<T> = {
    schema: rows.schema,
    size: rows.size,
    batch: (indices) => softened(rows.batch(indices), indices, taught, share, seed),
  };
  if ('predictions' in teacher) {
    const { predictions } = teacher;
    for (const name of Object.keys(predictions)) checkKnown(name, Object.keys(rows.schema.tasks), 'a task of the rows');
    addTaught(taught, rows, predictions, (row) => row);
    checkWhole(taught, rows);
    return result;
  }
  const isTrained = typeof teacher !== 'function';
  if (isTrained) checkTeacher(rows, teacherRows, teacher);
  const foldOf = isTrained ? new Uint32Array(rows.size) : foldOfRows(rows, read);
  for (let fold = 0; fold < (isTrained ? 1 : folds); fold++) {
    const [own, rest] = [selected(foldOf, (each) => each === fold), selected(foldOf, (each) => each !== fold)];
    const model = (isTrained ? teacher : await teacher(viewOf(rows, rest))) as unknown as MultiTaskModel; // of fewer tasks, perhaps
    try {
      const { predictions } = await evaluate(
        model,
        viewOf(isTrained ? teacherRows : (rows as unknown as Examples), own),
        { engine, predictions: true },
      );
      addTaught(taught, rows, predictions, (place) => own[place]!);
    } finally {
      if (!isTrained) model.dispose();
    }
  }
  return result;
}

/** Predictions of rows with labels, by task. */
export interface GivenPredictions {
  readonly predictions: Readonly<Record<string, Pick<TaskPredictions, 'rows' | 'predictions'>>>;
}

/** Adds the predictions of some rows. @param rowOf the row at a place of the predictions */
function addTaught(
  taught: Map<string, Taught>,
  { schema: { tasks: every }, size }: Examples,
  predictions: GivenPredictions['predictions'],
  rowOf: (place: number) => number,
): void {
  const tasks = Object.keys(predictions).filter((name) => Object.hasOwn(every, name));
  const own = tasks.filter((name) => takesSoftLabels(every[name]!));
  if (own.length === 0) untaught(recordOf(tasks, (name) => every[name]!));
  for (const task of own) {
    if (!taught.has(task)) taught.set(task, emptyTaught(every[task]!, size));
    const { soft, width } = taught.get(task)!;
    const encode = labelEncoder(every[task]!);
    const { rows: places, predictions: known } = predictions[task]!;
    places.forEach((place, i) => {
      for (let k = 0; k < width; k++) soft[rowOf(place) * width + k] = encode(known[i * width + k]!);
    });
  }
}

/**
 * Whether a teacher can teach the task. Labels may lie between two if the task has one output, and its loss is linear in the label (a
 * part that doesn't depend on the output may not be). Others are drawn from the teacher's probabilities.
 *
 * @example takesSoftLabels(multiclass()) // true
 * @example takesSoftLabels(regression({ loss: 'mae' })) // false
 */
export const takesSoftLabels = (task: Task): boolean => teachingOf(task) !== undefined;

function teachingOf(task: Task): Taught['how'] | undefined {
  const spec = lossOf(task);
  if (groupLossOf(spec, 1)) return undefined;
  if (
    predictionTypeOf(task).hasMean &&
    predictionWidth(task) === 1 &&
    logitsOf('', task) === 1 &&
    isLinear(rowLossOf(spec, 1))
  )
    return 'mixed';
  return predictionTypeOf(task).drawn && 'drawn';
}

/** Whether the loss of a soft label is the mean of the losses of the labels that it is made of. */
function isLinear(loss: ReturnType<typeof rowLossOf>): boolean {
  const gain = (z: number, y: number) => (loss(z, y, doubleMath) as number) - (loss(0, y, doubleMath) as number);
  return [-2, -0.5, 0.3, 1, 3].every((z) => {
    const [none, half, one] = [gain(z, 0), gain(z, 0.5), gain(z, 1)];
    return Math.abs(half - (none + one) / 2) <= 1e-9 * (Math.abs(none) + Math.abs(one));
  });
}

function emptyTaught(task: Task, rows: number): Taught {
  const width = predictionWidth(task);
  return {
    type: predictionTypeOf(task),
    how: teachingOf(task)!,
    soft: new Float32Array(rows * width).fill(NaN),
    width,
  };
}

/** @throws PolytaskError for a row with a label and without a prediction, whose label would be NaN */
function checkWhole(taught: ReadonlyMap<string, Taught>, rows: Examples): void {
  const all = rows.batch(Uint32Array.from({ length: rows.size }, (_, row) => row));
  for (const [task, { soft, width }] of taught) {
    const { weights } = labelsOf(all, task);
    const row = weights.findIndex(
      (weight, each) =>
        weight > 0 &&
        soft
          .subarray(each * width)
          .subarray(0, width)
          .some(Number.isNaN),
    );
    if (row < 0) continue;
    fail({
      expected: `a prediction of "${task}" for each row with a label`,
      received: `none for row ${row}`,
      fix: `Pass ${width === 1 ? 'one number' : `${width} numbers`} for each of the rows in predictions.${task}.rows.`,
    });
  }
}

function softened(
  batch: Batch,
  indices: ArrayLike<number>,
  taught: ReadonlyMap<string, Taught>,
  share: number,
  seed: number,
): Batch {
  const result: Batch = { ...batch, labels: batch.labels.slice() };
  for (const [task, { type, how, soft, width }] of taught) {
    if (!batch.tasks.includes(task)) continue;
    const { labels, weights } = labelsOf(result, task);
    const draw = how === 'drawn' ? uniformDraws(seed, task, indices) : undefined;
    for (let i = 0; i < labels.length; i++) {
      if (weights[i] === 0) continue;
      const own = soft.subarray(indices[i]! * width, (indices[i]! + 1) * width);
      labels[i] = draw
        ? type.drawn!(labels[i]!, own, () => draw() < share, draw)
        : (1 - share) * labels[i]! + share * own[0]!;
    }
  }
  return result;
}

/** Uniform numbers in [0, 1) that depend on the rows of a batch, so that each epoch has others, and a repeated one the same. */
function uniformDraws(seed: number, task: string, indices: ArrayLike<number>): () => number {
  const generator = randomStream(seed, `teacher.${task}.${hashOf(indices)}`).generator();
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** How training rows are assigned to folds. */
export interface TeacherFolds extends Pick<Read<typeof description>, 'folds' | 'seed' | 'groups' | 'times'> {}

/**
 * The fold of each row, from 0, whose teacher is trained on the other folds: at random, with whole groups, or periods of time.
 *
 * @returns [rows]
 * @throws PolytaskError for fewer rows, groups or times than folds
 */
export function foldOfRows(rows: Examples, { folds, seed, groups, times }: TeacherFolds): Uint32Array {
  const all = Uint32Array.from({ length: rows.size }, (_, row) => row);
  const kept = times ?? groups ?? carriedGroups(rows);
  if (kept && kept.length !== rows.size)
    fail({
      expected: `${times ? 'times' : 'groups'} of ${rows.size} rows`,
      received: String(kept.length),
      fix: 'Pass one number for each row, in the order of the rows.',
    });
  const unit = kept ? numbered(kept, times !== undefined) : all;
  const count = kept ? unit.reduce((most, each) => Math.max(most, each), -1) + 1 : rows.size;
  if (count < folds)
    fail({
      expected: `${times ? 'times' : kept ? 'groups' : 'rows'} for ${folds} folds`,
      received: `${count}`,
      fix: 'Take fewer folds, or train without a teacher.',
    });
  const order = times ? all.subarray(0, count) : permutation(randomStream(seed, 'teacher'), count);
  const foldOfUnit = new Uint32Array(count);
  order.forEach((each, place) => (foldOfUnit[each] = Math.floor((place * folds) / count)));
  return unit.map((each) => foldOfUnit[each]!);
}

/** The groups that rows have, with a number of its own for a row without one. */
export function carriedGroups(rows: Examples): Int32Array | undefined {
  if (rows.size === 0 || rows.batch([0]).groups === undefined) return undefined;
  const { groups } = rows.batch(Uint32Array.from({ length: rows.size }, (_, row) => row));
  return groups && distinctGroups(groups);
}

function numbered(values: ArrayLike<number>, inOrder: boolean): Uint32Array {
  const distinct = Float64Array.from(new Set(Array.from(values)));
  const numbers = new Map(Array.from(inOrder ? distinct.sort() : distinct, (value, number) => [value, number]));
  return Uint32Array.from(values, (value) => numbers.get(value)!);
}

const selected = (foldOf: Uint32Array, isIn: (fold: number) => boolean): Uint32Array =>
  Uint32Array.from([...foldOf.keys()].filter((row) => isIn(foldOf[row]!)));

/** What the labels of a task mean, and so the outputs of its predictions. */
const meaningOf = ({ kind, ...task }: Task): string =>
  JSON.stringify([kind, ...['positive', 'classes', 'labels', 'cuts'].map((name) => task[name as never])]);

function checkTeacher(
  { schema: { tasks }, size }: Examples,
  teacherRows: Examples,
  { schema }: { readonly schema: Schema },
): void {
  if (size !== teacherRows.size)
    fail({
      expected: `${size} rows for the teacher`,
      received: String(teacherRows.size),
      fix: 'Encode all of them: encode(table, teacher.schema).',
    });
  const more = Object.keys(schema.tasks).find((name) => !(name in tasks));
  if (more !== undefined)
    fail({
      expected: `a teacher whose tasks are among those of the rows, ${Object.keys(tasks).join(', ')}`,
      received: `one of "${more}" too`,
      fix: 'Train a teacher of these tasks, or give the rows the labels of all its tasks.',
    });
  const task = Object.keys(tasks).find(
    (name) => name in schema.tasks && meaningOf(tasks[name]!) !== meaningOf(schema.tasks[name]!),
  );
  if (task !== undefined)
    fail({
      expected: `the labels of "${task}" to be those of the teacher, ${meaningOf(schema.tasks[task]!)}`,
      received: meaningOf(tasks[task]!),
      fix: 'Declare the task as the teacher has it, or rename it, so that it has no teacher.',
    });
  const [other] = differences(schema.features, teacherRows.schema.features);
  if (other)
    fail({
      expected: "rows that are encoded by the teacher's schema",
      received: `another at features.${other.path}: ${other.received}, where the teacher has ${other.expected}`,
      fix: 'Pass them as teacherRows: encode(table, teacher.schema).',
    });
}

function untaught(tasks: Tasks): never {
  return fail({
    expected:
      'a task that a teacher can teach: yes or no, classes, labels, or one output whose loss is linear in the label',
    received: Object.entries(tasks)
      .map(([name, task]) => `${name}, ${task.kind} with ${lossOf(task).name}`)
      .join('; '),
    fix: 'Train without a teacher.',
  });
}
