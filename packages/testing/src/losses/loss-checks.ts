import { sum } from '@polytask/components';
import {
  distinctGroups,
  doubleMath,
  groupedTasks,
  groupLossOf,
  logitsOf,
  madeUpLabel,
  rowLosses,
  rowLossOf,
  type LossSpec,
  type Task,
} from '@polytask/core';
import { taskLoss } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { slopeOf } from '../checks/gradients.ts';
import { checkJson } from '../checks/repeatable.ts';

/** [rows][outputs] */
type Outputs = readonly (readonly number[])[];

/** Outputs and labels of a few rows; with weights and groups for a loss that compares the rows of a group. */
interface LossRows {
  readonly outputs: Outputs;
  readonly labels: readonly number[];
  readonly batch?: { readonly weights: readonly number[]; readonly groups: readonly number[] };
}

/** Whether the loss of a task compares the rows of a group. */
export const isGrouped = (task: Task): boolean => groupedTasks({ a: task }).length > 0;

const SCORES = [2.2, -1.3, 0.1, -1.3, 2.2, 0.1, -1.3, 2.2, 0.1, -1.3];

/**
 * Rows with each label of the task: outputs that are right, wrong, and in between. With groups, there are two of them, a row without a
 * label in one, and two rows without a group.
 */
function lossRows(task: Task): LossRows {
  const width = logitsOf('a', task);
  if (isGrouped(task)) {
    return {
      outputs: SCORES.map((_, i) => Array.from({ length: width }, (_each, c) => Math.sin(1 + 3 * i + c) * 2)),
      labels: SCORES.map((score) => madeUpLabel(task, score)),
      batch: { weights: [1, 1, 2, 0.5, 1, 1, 0, 1, 1, 1], groups: [7, 7, 7, 2, 2, 2, 7, -1, -1, 2] },
    };
  }
  const labels = [...new Set([-1.3, 0.1, 2.2].map((score) => madeUpLabel(task, score)))];
  const levels = [-2.7, -0.6, 0.35, 1.9];
  const outputs = levels.map((level, i) => Array.from({ length: width }, (_, c) => level + 0.7 * ((i * c + c) % 3)));
  return { outputs: labels.flatMap(() => outputs), labels: labels.flatMap((label) => levels.map(() => label)) };
}

/** Outputs and labels as tensors, and the weights and groups of a batch. */
const tensors = ({ outputs, labels, batch }: LossRows) => ({
  z: tf.tensor2d(outputs.map((row) => [...row])) as tf.Tensor,
  y: tf.tensor1d([...labels]) as tf.Tensor,
  w: batch && (tf.tensor1d([...batch.weights]) as tf.Tensor),
  ids: batch && tf.tensor1d(distinctGroups(Int32Array.from(batch.groups)), 'int32'),
});

/** The losses of rows, or the one of a batch with groups. */
const lossesOf = (task: Task, { z, y, w, ids }: ReturnType<typeof tensors>): tf.Tensor =>
  w ? taskLoss(task, z, y, w, ids) : rowLosses(task, z, y);

const onTensors = (task: Task, rows: LossRows) =>
  tf.tidy(() => {
    const given = tensors(rows);
    const gradient = tf.grad((z) => tf.sum(lossesOf(task, { ...given, z })))(given.z);
    return { 'the losses': lossesOf(task, given).dataSync(), 'the gradient': gradient.dataSync() };
  });

function inDoubles(spec: LossSpec, { outputs, labels, batch }: LossRows): number[] {
  const width = outputs[0]!.length;
  if (batch) {
    const mean = groupLossOf(spec, width)!.mean();
    mean.add(outputs.flat(), { labels, ...batch });
    return [mean.value()];
  }
  const row = rowLossOf(spec, width);
  return labels.map((label, i) => row(width === 1 ? outputs[i]![0]! : outputs[i]!, label, doubleMath) as number);
}

const MEND =
  'Use the operations of `math` alone, no branch on values, and sumOverGroup or logShare over the rows of a group.';

/** The spec is plain JSON, and the losses of that JSON are the same. */
export const checkLossJson = (spec: LossSpec, task: Task): void =>
  checkJson(spec, (each) => ({ 'the losses': inDoubles(each, lossRows(task)) }), { what: 'losses', of: 'loss' });

/** Tensors and doubles give the same losses, to 1e-5: with groups, all rows of a batch and one group at a time. */
export function checkDoubles(spec: LossSpec, task: Task): void {
  const rows = lossRows(task);
  const { 'the losses': losses } = onTensors(task, rows);
  expectAgreement({ 'the losses': losses }, { 'the losses': inDoubles(spec, rows) }, 1e-5, {
    what: 'tensors to have the losses of doubles',
    fix: MEND,
  });
}

/** The gradient for the outputs, [rows × outputs], is the slope of the loss in doubles, wherever there is one. */
export function checkLossGradient(spec: LossSpec, task: Task): void {
  const rows = lossRows(task);
  const { outputs } = rows;
  const { 'the gradient': gradient } = onTensors(task, rows);
  const width = outputs[0]!.length;
  outputs.flat().forEach((value, i) => {
    const moved = (by: number) =>
      outputs.map((row, r) => row.map((each, c) => (r * width + c === i ? value + by : each)));
    const at = (by: number) => sum(inDoubles(spec, { ...rows, outputs: moved(by) }));
    const slope = slopeOf(at, { tolerance: 1e-3, noise: 1e-12 });
    if (slope === undefined || Math.abs(gradient[i]! - slope) <= 1e-3 * Math.max(1, Math.abs(slope))) return;
    broken({
      expected: `the gradient ${slope.toPrecision(5)} at output ${value}, which is the slope of the loss`,
      seen: gradient[i]!.toPrecision(5),
      fix: MEND,
    });
  });
}

/** A row without a label changes neither loss nor gradient of its group. */
export function checkMissingLabel(task: Task): void {
  const rows = lossRows(task);
  const { weights } = rows.batch!;
  const outputs = rows.outputs.map((row, r) => (weights[r] === 0 ? row.map((value) => value + 5) : row));
  expectAgreement(onTensors(task, { ...rows, outputs }), onTensors(task, rows), 1e-6, {
    what: 'the same numbers for another output of a row without a label',
    fix: 'Multiply by the weights of both rows of a pair.',
  });
}

/** Losses and gradients are finite for outputs from −400 to 400, also where a label is 0, and where no row of a batch has a label. */
export function checkLargeOutputs(task: Task): void {
  const { outputs, ...rows } = lossRows(task);
  const large = { ...rows, outputs: outputs.map((row) => row.map((value) => 150 * value)) };
  const { batch } = rows;
  const unlabeled = batch && { ...rows, outputs, batch: { ...batch, weights: batch.weights.map(() => 0) } };
  for (const each of [large, unlabeled]) {
    const fix = 'Write log σ(z) as −softplus(−z), and guard exponents, and divisors that may be 0.';
    if (each) expectFinite(onTensors(task, each), fix);
  }
}

/** Tasks that are computed together have the losses that they have one by one. */
export function checkStackedTasks(task: Task): void {
  tf.tidy(() => {
    const one = tensors(lossRows(task));
    const other = { ...one, z: tf.reverse(one.z, 0), y: tf.reverse(one.y) };
    const both = { z: tf.stack([one.z, other.z]), y: tf.stack([one.y, other.y]), w: one.w && tf.stack([one.w, one.w]) };
    const seen = lossesOf(task, { ...both, ids: one.ids }).dataSync();
    const alone = [one, other].flatMap((each) => [...lossesOf(task, each).dataSync()]);
    expectAgreement({ 'the losses': seen }, { 'the losses': alone }, 1e-6, {
      what: 'two tasks at once to have the losses that each has alone',
      fix: 'Reduce over the outputs by math.sum and its like, and over rows by sumOverGroup or logShare alone.',
    });
  });
}
