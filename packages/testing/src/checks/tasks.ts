import { mean, memoized, optionsOf, readOptions, recordOf, registered } from '@polytask/components';
import {
  declareTask,
  doubleMath,
  encodedScores,
  kindOf,
  labelDecoder,
  labelEncoder,
  labelOf,
  logitsOf,
  lossOf,
  madeUpLabel,
  predictionTypeOf,
  predictionWidth,
  rowLossOf,
  taskScores,
  type LossSpec,
  type Row,
  type Task,
} from '@polytask/core';
import { labelTypeOf, startOf } from '@polytask/core/internal';
import { fitSchema, fromRows, labelCells, numeric, rawLabels } from '@polytask/data';
import { findMetric, isBetter, type Metric } from '@polytask/metrics';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { broken, check, checksWith, expectThat, type Checks } from '../cases/case.ts';
import { needing, type RowsSubject } from '../subject.ts';

/** What a fit would find, for kinds that have the option. */
const FOUND: Readonly<Record<string, unknown>> = {
  classes: ['low', 'middle', 'high'],
  labels: ['low', 'middle', 'high'],
  cuts: [0.2, 1.4],
};

/** A task of a kind; of three classes or labels where its kind has some. */
export function declaredTask(kind: string, options: object = {}): Task {
  const found = Object.entries(FOUND).filter(([option]) => option in optionsOf('task', kind)!);
  return declareTask(kind, { ...Object.fromEntries(found), ...options });
}

/** A task of the first kind that has what is tested. Kinds whose options must be given are passed over. */
export function taskWith(what: string, has: (task: Task) => boolean): Task {
  for (const kind of registered('task')) {
    if (Object.values(optionsOf('task', kind)!).some((option) => !('optional' in option))) continue;
    const task = declaredTask(kind);
    if (has(task)) return task;
  }
  return broken(`a kind of task with ${what}`, 'none', 'Pass a task: { task: hour() }.');
}

function rowsOf(task: Task): Row[] {
  const cells = Object.entries(labelCells('a', task));
  const sizes = cells.map(([, { length }]) => length);
  const fits = new Set(sizes).size === 1 && sizes[0]! > 1;
  expectThat(fits, 'cells for each column, as many, and two or more', sizes.join(', '), 'Correct `cells`.');
  return Array.from({ length: sizes[0]! }, (_, row) =>
    Object.fromEntries(cells.map(([column, values]) => [column, values[row]])),
  );
}

const tableOf = (task: Task, rows: readonly Row[]) =>
  fromRows(
    rows.map((row, i) => ({ 'x of the rows': i, ...row })),
    { features: { 'x of the rows': numeric() }, tasks: { a: task } },
  );

/** A task as a fit to the made-up rows of its label leaves it. */
export interface FittedTask {
  readonly declared: Task;
  readonly task: Task;
  /** The labels of the rows as batches hold them, in 32 bits. */
  readonly labels: readonly number[];
  /** The labels as they are read. */
  readonly exact: readonly number[];
  /** The number of outputs of a row. */
  readonly width: number;
}

export function fittedTask(declared: Task): FittedTask {
  const table = tableOf(declared, rowsOf(declared));
  const task: Task = fitSchema(table).tasks.a;
  const exact = rawLabels(table, 'a', task, 0, table.size).labels.filter((label) => label !== null);
  return { declared, task, exact, labels: exact.map(Math.fround), width: logitsOf('a', task) };
}

export const foundIn = (task: Task): Numbers =>
  Object.fromEntries(Object.entries(task.fitted ?? {}).map(([name, value]) => [name, [value ?? []].flat()]));

export function foundInRows(task: Task): RowsSubject {
  const rows = memoized(() => rowsOf(task)); // cells that throw fail a case, and not the whole file
  const weighted = { ...task, weightFrom: 'weight of the rows' };
  return {
    get weights() {
      return rows(task).map((_, row) => 1 + (row % 2));
    },
    within: [1e-9, 1e-9],
    found: (order, weights) => {
      const cells = order.map((row, i) => ({ ...rows(task)[row], 'weight of the rows': weights[i] }));
      return foundIn(fitSchema(tableOf(weighted, cells)).tasks.a);
    },
  };
}

/** Outputs of a few rows, row-major [rows × outputs]. */
const outputsOf = (width: number, largest = 2.5): number[] =>
  Array.from({ length: 6 * width }, (_, i) => largest * Math.sin(1 + 2.3 * i));

/** The predictions for a few outputs, in doubles. */
export function predictionsOf(task: Task, largest?: number): Float64Array {
  const width = logitsOf('a', task);
  return Float64Array.from(encodedScores(task, outputsOf(width, largest), width));
}

/** The prediction of who knows the label: as many numbers as the task predicts, NaN for what a censored time leaves open. */
function perfect(task: Task, label: number): number[] {
  const { perfect: of, names } = predictionTypeOf(task);
  return of(label, names);
}

/** {@link perfect} with a number for what is left open: survival, or the label. */
export const knownAt = (task: Task, label: number): number[] =>
  perfect(task, label).map((value) =>
    Number.isNaN(value) ? (predictionTypeOf(task).isProbability ? 1 : Math.abs(label)) : value,
  );

/** Requires that a metric prefers the predictions of who knows the labels to a constant. @returns the metric of the constant */
function expectPreferred(
  { task, labels }: FittedTask,
  name: string,
  what: string,
  constantOf: (metric: Metric, known: readonly (readonly number[])[]) => readonly number[],
): number {
  const metric = findMetric(name, predictionTypeOf(task).measuredAs);
  const known = labels.map((label) => knownAt(task, label));
  const constant = constantOf(metric, known);
  const [best, plain] = [known, labels.map(() => constant)].map((rows) =>
    metric.create().update(labels, rows.flat()).compute(),
  ) as [number, number];
  const seen = `${best} for the labels, and ${plain} for the constant`;
  expectThat(isBetter(metric.direction, best, plain), `"${name}" ${what}`, seen);
  return plain;
}

/** The loss of a row in doubles, from its outputs and its encoded label. */
export function lossInDoubles(loss: LossSpec, width: number): (outputs: readonly number[], label: number) => number {
  const row = rowLossOf(loss, width);
  return (z, label) => row(width === 1 ? z[0]! : z, label, doubleMath) as number;
}

/** The mean loss of labels for the same outputs of all rows. */
function lossAt({ task, width }: FittedTask, labels: readonly number[]): (outputs: readonly number[]) => number {
  const [loss, encoded] = [lossInDoubles(lossOf(task), width), labels.map(labelEncoder(task))];
  return (z) => mean(encoded.map((label) => loss(z, label)));
}

const moved = (z: readonly number[], at: number, by: number) => z.map((each, i) => (i === at ? each + by : each));

/** The allowed distance of a probability, and of a number as a share of the range of encoded labels. */
const [PROBABILITY, NUMBER] = [0.15, 0.005];
/** Steps, their first rate, the largest output, the distance of slopes, and what leads outputs without an effect to 0. */
const [STEPS, RATE, MOST, NEAR, DECAY] = [3000, 0.3, 30, 1e-5, 1e-6];

/** The outputs with the least loss of a row, by Adam (Kingma and Ba, ICLR 2015) on slopes, with a rate that falls to 0. */
function leastLoss(loss: (outputs: readonly number[]) => number, width: number): number[] {
  const z = Array.from({ length: width }, () => 0);
  const [means, squares] = [[...z], [...z]];
  for (let step = 1; step <= STEPS; step++) {
    const slopes = z.map((own, i) => (loss(moved(z, i, NEAR)) - loss(moved(z, i, -NEAR))) / (2 * NEAR) + DECAY * own);
    slopes.forEach((slope, i) => {
      means[i] = 0.9 * means[i]! + 0.1 * slope;
      squares[i] = 0.99 * squares[i]! + 0.01 * slope ** 2;
      const unit = means[i]! / (1 - 0.9 ** step) / (Math.sqrt(squares[i]! / (1 - 0.99 ** step)) + 1e-9);
      z[i] = Math.max(-MOST, Math.min(MOST, z[i]! - RATE * (1 - step / STEPS) * unit));
    });
  }
  return z;
}

const OF_TASKS: Checks<FittedTask> = {
  'a fit finds what it describes': check(({ declared, task }) => {
    readOptions(task.fitted ?? {}, labelTypeOf(labelOf(declared)).fitted(labelOf(task)), 'fitted');
    expectFinite(foundIn(task));
  }, 'Let `finish` give what `fitted` describes.'),
  // as doubles, and as 32 bits, which a batch has
  'labels are the same after encoding and decoding': check(({ task, exact }) => {
    expectFinite({ 'the labels': exact });
    const [encode, decode] = [labelEncoder(task), labelDecoder(task)];
    const again = exact.map((label) => decode(Math.fround(encode(label))));
    const whole = exact.map((label) => decode(encode(label)));
    expectAgreement(whole, exact, 1e-9, 'labels that are the same after they were encoded and decoded');
    expectAgreement(again, exact, 1e-6, 'labels that 32 bits hold');
    const [before, after] = [new Set(exact).size, new Set(again).size];
    expectThat(after >= before, `${before} labels in 32 bits`, after);
  }, 'Let `read` give numbers that seven digits keep (a flag in the sign, for instance), and NaN for a missing label.'),
  'empty cells are no label': check(({ declared, task }) => {
    const rows = rowsOf(declared);
    const table = tableOf(declared, [...rows, recordOf(Object.keys(rows[0]!), () => null)]);
    const [label] = rawLabels(table, 'a', task, rows.length, rows.length + 1).labels;
    expectThat(label === null, 'no label for empty cells', label);
  }, 'Let `read` give NaN for them.'),
  'made-up labels differ': check(({ task }) => {
    const labels = [-1.3, 0.1, 2.2].map((score) => madeUpLabel(task, score));
    expectFinite({ 'made-up labels': labels });
    expectThat(new Set(labels).size > 1, 'different labels for different scores', labels[0]);
  }, 'Let `madeUp` give a number for any score.'),
  'tensors have the predictions of doubles': check(({ task, width }) => {
    const outputs = outputsOf(width);
    const rows = outputs.length / width;
    const { shape, scores } = tf.tidy(() => {
      const tensor = taskScores(task, tf.tensor2d(outputs, [rows, width]));
      return { shape: tensor.shape, scores: tensor.dataSync() };
    });
    const wanted = [rows, predictionWidth(task)];
    expectThat(String(shape) === String(wanted), `predictions [${wanted}]`, `[${shape}]`);
    const doubles = predictionsOf(task).map(labelDecoder(task));
    expectAgreement(scores, doubles, 1e-5, 'tensors to have the predictions of doubles');
  }, 'Use the operations of `math` alone, and no branch on values. Compare `prediction` with `predict`.'),
  // also for large outputs
  'its numbers are what it says': check(({ task }) => {
    const scores = predictionsOf(task, 9);
    expectFinite({ 'the predictions': scores });
    const wrong = scores.find((score) => !(score >= 0 && score <= 1));
    const fits = !predictionTypeOf(task).isProbability || wrong === undefined;
    expectThat(fits, 'probabilities from 0 to 1', wrong);
  }, 'Leave `isProbability` out, or correct `predict`.'),
  'who knows the label has its numbers': check(({ task, labels }) => {
    const [count, known] = [predictionWidth(task), labels.map((label) => perfect(task, label))];
    const wrong = known.find(({ length }) => length !== count);
    expectThat(!wrong, `${count} numbers of who knows the label`, wrong?.length);
    expectThat(new Set(known.map(String)).size > 1, 'other numbers for other labels', known[0]);
  }, 'Let `perfect` read the label.'),
  'its head starts at the best constant': check((fitted) => {
    const { task, labels, width } = fitted;
    const start = startOf(task);
    if (start === undefined) return;
    expectThat(start.length === width, `${width} outputs at the start`, start.length);
    const at = lossAt(fitted, labels);
    const least = at(start);
    const slack = 0.02 * Math.abs(least); // a start may be that of a distribution with the same mean and deviation
    start.forEach((_, i) => {
      const beside = Math.min(at(moved(start, i, 0.2)), at(moved(start, i, -0.2)));
      const seen = `a loss of ${least.toPrecision(4)} there, and ${beside.toPrecision(4)} beside it`;
      expectThat(beside >= least - slack, `a start of output ${i} that no other constant is better than`, seen);
    });
  }, 'Let `start` give the outputs of the best constant prediction.'),
  'its first metric prefers the labels to a constant': check((fitted) => {
    const [name] = kindOf(fitted.task).metrics;
    if (name === undefined) return;
    const what = 'to prefer the labels themselves to the same prediction of all rows';
    expectPreferred(fitted, name, what, (_, known) => known[0]!.map((_, i) => mean(known.map((each) => each[i]!))));
  }, 'Let `metrics` name those that measure the predictions of the kind, the most important one first.'),
  'its normalized loss is 1 for the best constant, and less for the labels': check((fitted) => {
    const { task, labels } = fitted;
    const { measuredAs, names, normalizedLoss } = predictionTypeOf(task);
    const name = normalizedLoss(names);
    for (const each of [...kindOf(task).metrics, name]) {
      const own = findMetric(each, measuredAs).task;
      expectThat(own === measuredAs, `metrics for ${measuredAs}`, `"${each}", which is for ${own}`);
    }
    const ones = labels.map(() => 1);
    const plain = expectPreferred(fitted, name, 'to be lower for the labels', (metric) => {
      expectThat(metric.direction === 'lower', `"${name}" to be better where it is lower`, metric.direction);
      return metric.constant?.(labels, ones, predictionWidth(task)) ?? broken(`the best constant of "${name}"`, 'none');
    });
    expectThat(Math.abs(plain - 1) < 1e-6, `"${name}" to be 1 for the best constant`, plain);
  }, 'Let `normalizedLoss` name a metric of these predictions: an error divided by that of its `constant`.'),
};

export const TASK_PROPERTIES = [
  needing(
    ['task'],
    checksWith(({ task }, holds) => holds(fittedTask(task)), OF_TASKS),
  ),
  needing(['meaning'], {
    'the outputs of its least loss predict the label': check(({ meaning }) => {
      const fitted = fittedTask(meaning);
      const { task, labels, width } = fitted;
      const [encode, decode] = [labelEncoder(task), labelDecoder(task)];
      const { isProbability } = predictionTypeOf(task);
      const encoded = labels.map(encode);
      const allowed = isProbability ? PROBABILITY : NUMBER * (Math.max(...encoded) - Math.min(...encoded));
      for (const label of new Set(labels)) {
        const outputs = leastLoss(lossAt(fitted, [label]), width);
        const predicted = encodedScores(task, outputs, width);
        const z = outputs.map((each) => each.toPrecision(3)).join(', ');
        perfect(task, label).forEach((value, i) => {
          const what = `about ${value}, from the outputs [${z}] that have the least loss for the label ${label}`;
          const isNear = !(Math.abs(predicted[i]! - encode(value)) > allowed);
          expectThat(isNear, what, `the prediction ${decode(predicted[i]!)}`);
        });
      }
    }, 'Compare the loss with `predict`: the least loss of a label is where it is predicted.'),
  }),
];
