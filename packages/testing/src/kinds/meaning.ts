import {
  declareTask,
  doubleMath,
  encodedScores,
  labelDecoder,
  logitsOf,
  predictionTypeOf,
  rowLossOf,
  type Task,
  kindOf,
  labelEncoder,
  lossOf,
} from '@polytask/core';
import { optionsOf, registered } from '@polytask/components';
import { fitSchema, fromRows, labelCells, numeric, rawLabels } from '@polytask/data';
import { findMetric, isBetter } from '@polytask/metrics';
import { broken } from '../cases/case.ts';

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
  return broken({ expected: `a kind of task with ${what}`, seen: 'none', fix: 'Pass a task: { task: hour() }.' });
}

/** Labels of a few rows, in their own unit, and the task as a fit to these rows leaves it. */
interface FittedTask {
  readonly task: Task;
  readonly labels: readonly number[];
}

/** A task as a fit to the made-up rows of its label leaves it, and their labels as they are read. */
export function labeledRows(declared: Task): FittedTask {
  const cells = Object.entries(labelCells('a', declared));
  const size = cells[0]![1].length;
  const rows = Array.from({ length: size }, (_, row) => ({
    'x of the rows': row,
    ...Object.fromEntries(cells.map(([column, values]) => [column, values[row]])),
  }));
  const table = fromRows(rows, { features: { 'x of the rows': numeric() }, tasks: { a: declared } });
  const task: Task = fitSchema(table).tasks.a;
  return { task, labels: rawLabels(table, 'a', task, 0, size).labels.filter((label) => label !== null) };
}

/** A task as a fit to the made-up rows of its label leaves it, and their labels as batches hold them. */
export function fittedTask(declared: Task): FittedTask {
  const { task, labels } = labeledRows(declared);
  return { task, labels: labels.map(Math.fround) };
}

/** The allowed distance of a probability, and of a number as a share of the range of labels. */
const [PROBABILITY, NUMBER] = [0.15, 0.05];
/** Steps, their first rate, the largest output, the distance of slopes, and what leads outputs without an effect to 0. */
const [STEPS, RATE, MOST, NEAR, DECAY] = [1000, 0.3, 30, 1e-5, 1e-6];

/** The prediction of who knows the label: as many numbers as the task predicts. NaN for what a censored time leaves open. */
function perfect(task: Task, label: number): number[] {
  const { perfect: of, names } = predictionTypeOf(task);
  return of(label, names);
}

/** The outputs with the least loss of a row, by Adam (Kingma and Ba, ICLR 2015) on slopes, with a rate that falls to 0. */
function leastLoss(loss: (outputs: readonly number[]) => number, width: number): number[] {
  const z = Array.from({ length: width }, () => 0);
  const [means, squares] = [[...z], [...z]];
  for (let step = 1; step <= STEPS; step++) {
    const slopes = z.map((_, i) => {
      const at = (by: number) => loss(z.map((each, j) => (i === j ? each + by : each)));
      return (at(NEAR) - at(-NEAR)) / (2 * NEAR) + DECAY * z[i]!;
    });
    slopes.forEach((slope, i) => {
      means[i] = 0.9 * means[i]! + 0.1 * slope;
      squares[i] = 0.99 * squares[i]! + 0.01 * slope ** 2;
      const unit = means[i]! / (1 - 0.9 ** step) / (Math.sqrt(squares[i]! / (1 - 0.99 ** step)) + 1e-9);
      z[i] = Math.max(-MOST, Math.min(MOST, z[i]! - RATE * (1 - step / STEPS) * unit));
    });
  }
  return z;
}

/** For each label, the outputs with the least loss predict that label. */
export function checkMeaning(task: Task): void {
  const { task: fitted, labels } = fittedTask(task);
  const width = logitsOf('a', fitted);
  const row = rowLossOf(lossOf(fitted), width);
  const [encode, decode] = [labelEncoder(fitted), labelDecoder(fitted)];
  const { isProbability } = predictionTypeOf(fitted);
  const allowed = isProbability ? PROBABILITY : NUMBER * (Math.max(...labels) - Math.min(...labels));
  for (const label of new Set(labels)) {
    const encoded = encode(label);
    const outputs = leastLoss((z) => row(width === 1 ? z[0]! : z, encoded, doubleMath) as number, width);
    const predicted = Array.from(encodedScores(fitted, outputs, width), decode);
    const wanted = perfect(fitted, label);
    const at = wanted.findIndex((value, i) => Math.abs(predicted[i]! - value) > allowed);
    if (at < 0) continue;
    broken({
      expected: `about ${wanted[at]!.toPrecision(4)}, from the outputs [${outputs.map((z) => z.toPrecision(3)).join(', ')}] that have the least loss for the label ${label}`,
      seen: `the prediction ${predicted[at]!.toPrecision(4)}`,
      fix: 'Compare the loss with `predict`: the least loss of a label is where it is predicted.',
    });
  }
}

/** The first default metric of the kind is better for perfect predictions than for the same prediction of all rows. */
export function checkDefaultMetrics(task: Task): void {
  const { task: fitted, labels } = fittedTask(task);
  const [name] = kindOf(fitted).metrics;
  if (name === undefined) return;
  const { isProbability, measuredAs } = predictionTypeOf(fitted);
  const metric = findMetric(name, measuredAs);
  const known = labels.map((label) =>
    perfect(fitted, label).map((value) => (Number.isNaN(value) ? (isProbability ? 1 : Math.abs(label)) : value)),
  );
  const constant = known[0]!.map((_, i) => known.reduce((sum, each) => sum + each[i]!, 0) / known.length);
  const valueOf = (predictions: readonly (readonly number[])[]) =>
    metric.create().update(labels, predictions.flat()).compute();
  const [best, plain] = [valueOf(known), valueOf(known.map(() => constant))];
  if (isBetter(metric.direction, best, plain)) return;
  broken({
    expected: `${name} to prefer the labels themselves to the same prediction of all rows`,
    seen: `${best} for the labels, and ${plain} for the constant`,
    fix: 'Let `metrics` name those that measure the predictions of the kind, the most important one first.',
  });
}
