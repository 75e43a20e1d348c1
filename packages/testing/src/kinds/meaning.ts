import {
  doubleMath,
  encodedScores,
  labelDecoder,
  labelOf,
  logitsOf,
  predictionOf,
  predictionTypeOf,
  rowLossOf,
  type Task,
  kindOf,
  labelEncoder,
  lossOf,
} from '@polytask/core';
import { findMetric, isBetter } from '@polytask/metrics';
import { broken } from '../cases/case.ts';

/** Labels of a few rows, in their own unit, and the task as a fit to these rows leaves it. */
interface FittedTask {
  readonly task: Task;
  readonly labels: readonly number[];
}

/** About normal, between 0 and 1: sums of three uniform numbers. */
const BELL = Array.from({ length: 125 }, (_, i) => ((i % 5) + (Math.floor(i / 5) % 5) + Math.floor(i / 25)) / 12);

/** A task as a fit to some rows leaves it. */
export function fittedTask(task: Task): FittedTask {
  const label = labelOf(task);
  if (label.type === 'yes-no') return { task: { ...task, fitted: { rate: 0.25 } }, labels: [1, 0, 0, 0] };
  if (label.type === 'class') {
    const labels = [0, ...label.classes!.keys()];
    const shares = label.classes!.map((_, c) => labels.filter((each) => each === c).length / labels.length);
    return { task: { ...task, fitted: { shares } }, labels };
  }
  if (label.type === 'labels') {
    const names = label.labels!;
    const labels = [0, ...names.map((_, i) => 2 ** i), 2 ** names.length - 1];
    return { task: { ...task, fitted: { shares: names.map(() => 2 / labels.length) } }, labels };
  }
  if (label.type === 'time') {
    const cuts = label.cuts as readonly number[];
    const labels = [...cuts, -cuts.at(-1)!].map(Math.fround); // one event in each interval
    return { task: { ...task, fitted: { shares: cuts.map((_, i) => 1 / (labels.length - i)) } }, labels };
  }
  const { minimum = 0, maximum = minimum + 5 } = label;
  const shares = label.minimum === undefined ? BELL : [0, 0.2, 0.4, 1];
  const encoded = shares.map((share) => minimum + share * (maximum - minimum));
  const labels = label.log ? encoded.map(Math.expm1) : encoded;
  const mean = encoded.reduce((sum, each) => sum + each, 0) / encoded.length;
  const deviation = Math.sqrt(encoded.reduce((sum, each) => sum + (each - mean) ** 2, 0) / encoded.length);
  const above = label.minimum !== undefined && {
    rate: labels.filter((each) => each > label.minimum!).length / labels.length,
  };
  return { task: { ...task, fitted: { mean, deviation, ...above } }, labels };
}

/** The allowed distance of a probability, and of a number as a share of the range of labels. */
const [PROBABILITY, NUMBER] = [0.15, 0.05];
/** Steps, their first rate, the largest output, the distance of slopes, and what leads outputs without an effect to 0. */
const [STEPS, RATE, MOST, NEAR, DECAY] = [1000, 0.3, 30, 1e-5, 1e-6];

/** The prediction of who knows the label: as many numbers as the task predicts. NaN for what a censored time leaves open. */
function perfect(task: Task, label: number): number[] {
  const { type } = labelOf(task);
  const prediction = predictionOf(task);
  const names = 'names' in prediction ? prediction.names : [''];
  if (type === 'class') return names.map((_, c) => Number(c === label));
  if (type === 'labels') return names.map((_, c) => (label >> c) & 1);
  if (type !== 'time') return names.map(() => label);
  return names.map((point) => (Number(point) < Math.abs(label) * (1 - 1e-6) ? 1 : label > 0 ? 0 : NaN));
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
  const isNumber = labelOf(fitted).type === 'number';
  const allowed = isNumber ? NUMBER * (Math.max(...labels) - Math.min(...labels)) : PROBABILITY;
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
  const metric = findMetric(name, predictionTypeOf(fitted).measuredAs);
  const known = labels.map((label) => perfect(fitted, label).map((value) => (Number.isNaN(value) ? 1 : value)));
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
