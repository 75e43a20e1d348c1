import { logitsOf, distinctGroups, groupLossOf, madeUpLabel, type LossSpec, type Task } from '@polytask/core';
import { taskLoss } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import type { Checks } from '../cases/case.ts';
import { checkLossSlopes, type LossRows } from '../checks/gradients.ts';

/** Rows of a batch: two groups, a row without a label in one, and two rows without a group. */
interface GroupRows extends LossRows {
  readonly weights: readonly number[];
  readonly groups: readonly number[];
}

const SCORES = [2.2, -1.3, 0.1, -1.3, 2.2, 0.1, -1.3, 2.2, 0.1, -1.3];

function groupRows(task: Task): GroupRows {
  const width = logitsOf('a', task);
  return {
    outputs: SCORES.map((_, i) => Array.from({ length: width }, (_each, c) => Math.sin(1 + 3 * i + c) * 2)),
    labels: SCORES.map((score) => madeUpLabel(task, score)),
    weights: [1, 1, 2, 0.5, 1, 1, 0, 1, 1, 1],
    groups: [7, 7, 7, 2, 2, 2, 7, -1, -1, 2],
  };
}

function onTensors(task: Task, rows: GroupRows): { loss: number; gradient: ArrayLike<number> } {
  return tf.tidy(() => {
    const given = tensors(rows);
    const loss = (outputs: tf.Tensor): tf.Tensor => taskLoss(task, outputs, ...given);
    const z = tf.tensor2d(rows.outputs.map((row) => [...row]));
    return { loss: loss(z).dataSync()[0]!, gradient: tf.grad(loss)(z).dataSync() };
  });
}

/** Labels, weights and groups. */
const tensors = ({ labels, weights, groups }: GroupRows): [tf.Tensor, tf.Tensor, tf.Tensor1D] => [
  tf.tensor1d([...labels]),
  tf.tensor1d([...weights]),
  tf.tensor1d(distinctGroups(Int32Array.from(groups)), 'int32'),
];

function inDoubles(spec: LossSpec, { outputs, ...rows }: GroupRows): number {
  const mean = groupLossOf(spec, outputs[0]!.length)!.mean();
  mean.add(outputs.flat(), rows);
  return mean.value();
}

const MEND = 'Use the operations of `math` alone, no branch on values, and sumOverGroup or logShare over rows.';

/** The loss of a spec on a few rows of groups, in doubles. */
export const groupLossInDoubles = (spec: LossSpec, task: Task): number[] => [inDoubles(spec, groupRows(task))];

/** Tensors, with all rows of a batch, and doubles, with one group at a time, give the same loss, to 1e-5. */
function checkGroupDoubles(spec: LossSpec, task: Task): void {
  const rows = groupRows(task);
  expectAgreement({ 'the loss': [onTensors(task, rows).loss] }, { 'the loss': [inDoubles(spec, rows)] }, 1e-5, {
    what: 'a batch of tensors to have the loss of its groups in doubles',
    fix: MEND,
  });
}

/** The gradient for the outputs is the slope of the doubles, wherever there is one. */
function checkGroupGradient(spec: LossSpec, task: Task): void {
  const rows = groupRows(task);
  const { gradient } = onTensors(task, rows);
  checkLossSlopes(rows.outputs, gradient, (outputs) => inDoubles(spec, { ...rows, outputs }), MEND);
}

/** A row without a label changes neither loss nor gradient. */
function checkMissingLabel(task: Task): void {
  const rows = groupRows(task);
  const outputs = rows.outputs.map((row, r) => (rows.weights[r] === 0 ? row.map((value) => value + 5) : row));
  const [before, after] = [onTensors(task, rows), onTensors(task, { ...rows, outputs })];
  const numbersOf = ({ loss, gradient }: typeof before) => ({ 'the loss': [loss], 'the gradient': gradient });
  expectAgreement(numbersOf(after), numbersOf(before), 1e-6, {
    what: 'the same numbers for another output of a row without a label',
    fix: 'Multiply by the weights of both rows of a pair.',
  });
}

/** A row of weight 2 counts as two rows, and rows in another order as before. */
function checkGroupWeights(task: Task): void {
  const { outputs, labels, weights, groups } = groupRows(task);
  const pick = (rows: readonly number[], own = weights): GroupRows => ({
    outputs: rows.map((r) => outputs[r]!),
    labels: rows.map((r) => labels[r]!),
    weights: rows.map((r) => own[r]!),
    groups: rows.map((r) => groups[r]!),
  });
  const all = [...outputs.keys()];
  const counts = [1, 2, 1, 1, 3, 2, 0, 1, 1, 2];
  const twice = all.flatMap((r) => Array.from({ length: counts[r]! }, () => r));
  const ones = weights.map(() => 1);
  const gradients = (rows: GroupRows, of: readonly number[]) => {
    const { gradient } = onTensors(task, rows);
    const width = outputs[0]!.length;
    const sums = new Float64Array(all.length * width); // a gradient for each row, whose copies are added up
    of.forEach((row, i) => {
      for (let c = 0; c < width; c++) sums[row * width + c]! += gradient[i * width + c]!;
    });
    return { 'the gradient': sums };
  };
  expectAgreement(gradients(pick(all, counts), all), gradients(pick(twice, ones), twice), 1e-4, {
    what: 'rows of weight 2 to have the gradients of two rows',
    fix: 'Multiply by the weights of both rows of a pair.',
  });
  const reversed = [...all].reverse();
  expectAgreement(gradients(pick(reversed), reversed), gradients(pick(all), all), 1e-4, {
    what: 'the gradients of the rows in another order',
    fix: 'Compare rows by their labels and outputs, and not by their places.',
  });
}

/** Loss and gradient are finite for outputs from −300 to 300, and where no row has a label. */
function checkLargeGroups(task: Task): void {
  const rows = groupRows(task);
  const large = onTensors(task, { ...rows, outputs: rows.outputs.map((row) => row.map((value) => 150 * value)) });
  const none = onTensors(task, { ...rows, weights: rows.weights.map(() => 0) });
  for (const { loss, gradient } of [large, none]) {
    const fix = 'Write log σ(z) as −softplus(−z), and guard divisors that may be 0.';
    expectFinite({ 'the loss': [loss], 'the gradient': gradient }, fix);
  }
}

/** Tasks that are computed together have the losses that they have one by one. */
function checkStackedGroups(task: Task): void {
  const rows = groupRows(task);
  tf.tidy(() => {
    const z = tf.tensor2d(rows.outputs.map((row) => [...row]));
    const other = tf.neg(z);
    const [y, w, ids] = tensors(rows);
    const both = taskLoss(task, tf.stack([z, other]), tf.stack([y, y]), tf.stack([w, w]), ids).dataSync();
    const alone = [z, other].flatMap((each) => [...taskLoss(task, each, y, w, ids).dataSync()]);
    expectAgreement({ 'the losses': both }, { 'the losses': alone }, 1e-6, {
      what: 'two tasks at once to have the losses that each has alone',
      fix: MEND,
    });
  });
}

/** What a loss that compares the rows of a group promises. */
export const groupChecks = (loss: LossSpec, task: Task): Checks => ({
  'a batch of tensors has the loss of its groups in doubles': () => checkGroupDoubles(loss, task),
  'its gradient is its slope': () => checkGroupGradient(loss, task),
  'a row without a label changes nothing': () => checkMissingLabel(task),
  'weights count as rows, in any order': () => checkGroupWeights(task),
  'it is finite for large outputs, and without labels': () => checkLargeGroups(task),
  'tasks with the loss are computed together as one by one': () => checkStackedGroups(task),
});
