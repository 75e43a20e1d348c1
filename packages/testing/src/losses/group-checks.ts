import { logitsOf, distinctGroups, groupLossOf, madeUpLabel, type LossSpec, type Task } from '@polytask/core';
import { taskLoss } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { checkJson } from '../checks/repeatable.ts';
import { checkSlopes, type LossRows } from './loss-checks.ts';

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

/** The spec is plain JSON, and the loss of that JSON is the same. */
export const checkGroupJson = (spec: LossSpec, task: Task): void =>
  checkJson(spec, (each) => ({ 'the losses': [inDoubles(each, groupRows(task))] }), { what: 'losses', of: 'loss' });

/** Tensors, with all rows of a batch, and doubles, with one group at a time, give the same loss, to 1e-5. */
export function checkGroupDoubles(spec: LossSpec, task: Task): void {
  const rows = groupRows(task);
  expectAgreement({ 'the loss': [onTensors(task, rows).loss] }, { 'the loss': [inDoubles(spec, rows)] }, 1e-5, {
    what: 'a batch of tensors to have the loss of its groups in doubles',
    fix: MEND,
  });
}

/** The gradient for the outputs is the slope of the doubles, wherever there is one. */
export function checkGroupGradient(spec: LossSpec, task: Task): void {
  const rows = groupRows(task);
  const { gradient } = onTensors(task, rows);
  checkSlopes(rows.outputs, gradient, (outputs) => inDoubles(spec, { ...rows, outputs }), MEND);
}

/** A row without a label changes neither loss nor gradient. */
export function checkMissingLabel(task: Task): void {
  const rows = groupRows(task);
  const outputs = rows.outputs.map((row, r) => (rows.weights[r] === 0 ? row.map((value) => value + 5) : row));
  const [before, after] = [onTensors(task, rows), onTensors(task, { ...rows, outputs })];
  const numbersOf = ({ loss, gradient }: typeof before) => ({ 'the loss': [loss], 'the gradient': gradient });
  expectAgreement(numbersOf(after), numbersOf(before), 1e-6, {
    what: 'the same numbers for another output of a row without a label',
    fix: 'Multiply by the weights of both rows of a pair.',
  });
}

/** Loss and gradient are finite for outputs from −300 to 300, and where no row has a label. */
export function checkLargeGroups(task: Task): void {
  const rows = groupRows(task);
  const large = onTensors(task, { ...rows, outputs: rows.outputs.map((row) => row.map((value) => 150 * value)) });
  const none = onTensors(task, { ...rows, weights: rows.weights.map(() => 0) });
  for (const { loss, gradient } of [large, none]) {
    const fix = 'Write log σ(z) as −softplus(−z), and guard divisors that may be 0.';
    expectFinite({ 'the loss': [loss], 'the gradient': gradient }, fix);
  }
}

/** Tasks that are computed together have the losses that they have one by one. */
export function checkStackedGroups(task: Task): void {
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
