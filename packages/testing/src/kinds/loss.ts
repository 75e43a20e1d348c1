import { optional, recordOf, sum, text } from '@polytask/components';
import {
  binary,
  doubleMath,
  logitsOf,
  registered,
  rowLossOf,
  type LossSpec,
  type Task,
  groupedTasks,
  lossesFor,
  madeUpLabel,
  rowLosses,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { checkLossSlopes, type LossRows } from '../checks/gradients.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { groupChecks, groupLossInDoubles } from './group-loss.ts';
import { checkMeaning, declaredTask } from './meaning.ts';

/** Rows with each label of the task: outputs that are right, wrong, and in between. */
export function lossRows(task: Task): LossRows {
  const labels = [...new Set([-1.3, 0.1, 2.2].map((score) => madeUpLabel(task, score)))];
  const width = logitsOf('a', task);
  const levels = [-2.7, -0.6, 0.35, 1.9];
  const rows = labels.flatMap((label) =>
    levels.map((level, i) => ({
      label,
      outputs: Array.from({ length: width }, (_, c) => level + 0.7 * ((i * c + c) % 3)),
    })),
  );
  return { outputs: rows.map(({ outputs }) => outputs), labels: rows.map(({ label }) => label) };
}

const tensors = ({ outputs, labels }: LossRows): [tf.Tensor2D, tf.Tensor1D] => [
  tf.tensor2d(outputs.map((row) => [...row])),
  tf.tensor1d([...labels]),
];

const gradientOf = (task: Task, z: tf.Tensor2D, y: tf.Tensor1D) =>
  tf
    .grad((x) => tf.sum(rowLosses(task, x, y)))(z)
    .dataSync();

const inDoubles = (spec: LossSpec, { outputs, labels }: LossRows): number[] => {
  const row = rowLossOf(spec, outputs[0]!.length);
  return labels.map(
    (label, i) => row(outputs[i]!.length === 1 ? outputs[i]![0]! : outputs[i]!, label, doubleMath) as number,
  );
};

const MEND = 'Use the operations of `math` alone, and no branch on values.';

/** Tensors and doubles give the same losses, to 1e-5. */
function checkDoubles(spec: LossSpec, task: Task): void {
  const rows = lossRows(task);
  const losses = tf.tidy(() => rowLosses(task, ...tensors(rows)).dataSync());
  const doubles = inDoubles(spec, rows);
  if (losses.length !== doubles.length) {
    broken({
      expected: `${doubles.length} losses for as many rows`,
      seen: String(losses.length),
      fix: 'Give one for each row.',
    });
  }
  expectAgreement({ 'the loss of row': losses }, { 'the loss of row': doubles }, 1e-5, {
    what: 'tensors to have the losses of doubles',
    fix: MEND,
  });
}

/** The gradient for the outputs is the slope of the doubles, wherever there is one. */
export function checkLossGradient(spec: LossSpec, task: Task): void {
  const rows = lossRows(task);
  const gradient = tf.tidy(() => gradientOf(task, ...tensors(rows)));
  const total = (outputs: LossRows['outputs']) => sum(inDoubles(spec, { ...rows, outputs }));
  checkLossSlopes(rows.outputs, gradient, total, MEND);
}

/** Losses and gradients are finite for outputs from −400 to 400, also where a label is 0. */
function checkLargeOutputs(task: Task): void {
  const rows = lossRows(task);
  const outputs = rows.outputs.map((row) => row.map((value) => 150 * value));
  tf.tidy(() => {
    const [z, y] = tensors({ ...rows, outputs });
    const fix = 'Write log σ(z) as −softplus(−z), and guard exponents.';
    expectFinite({ 'the losses of large outputs': rowLosses(task, z, y).dataSync() }, fix);
    expectFinite({ 'the gradient at large outputs': gradientOf(task, z, y) }, fix);
  });
}

/** Tasks that are computed together have the losses that they have one by one. */
function checkStackedTasks(task: Task): void {
  const rows = lossRows(task);
  tf.tidy(() => {
    const [z, y] = tensors(rows);
    const [other, otherLabels] = [tf.reverse(z, 0) as tf.Tensor2D, tf.reverse(y) as tf.Tensor1D];
    const both = rowLosses(task, tf.stack([z, other]), tf.stack([y, otherLabels])).dataSync();
    const alone = [...rowLosses(task, z, y).dataSync(), ...rowLosses(task, other, otherLabels).dataSync()];
    expectAgreement({ 'the losses': both }, { 'the losses': alone }, 1e-6, {
      what: 'two tasks at once to have the losses that each has alone',
      fix: 'Reduce over the outputs by math.sum and its like, and never over rows.',
    });
  });
}

const kindFor = ({ name }: LossSpec): string => registered('task').find((kind) => lossesFor(kind).includes(name))!;

const options = {
  /** The kind of task that it is tested with. Default: the first that it is for. */
  task: optional(text),
};

/**
 * Tests a loss: the promises of its kind, and those of every component. The model has a task with the loss, and another with the loss of its
 * kind. A loss that compares the rows of a group is tested on batches with groups.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testLoss(focal({ gamma: 1 }), { runner });
 */
export const testLoss = tester('loss', options, (spec: LossSpec, { task: kind = kindFor(spec) }) => {
  const task = declaredTask(kind, { loss: spec });
  const isGrouped = groupedTasks({ a: task }).length > 0;
  return {
    spec,
    numbers: (each) => ({
      'the losses': isGrouped
        ? groupLossInDoubles(each as LossSpec, task)
        : inDoubles(each as LossSpec, lossRows(task)),
    }),
    model: (tasks = ['a', 'b']) =>
      tinyModel(tinyNetwork(), { tasks: recordOf(tasks, (name) => (name === 'a' ? task : binary())) }),
    way: () => ({ task }),
    own: isGrouped
      ? groupChecks(spec, task)
      : {
          'tensors have the losses of doubles': () => checkDoubles(spec, task),
          'its gradient is its slope': () => checkLossGradient(spec, task),
          'it is finite for large outputs': () => checkLargeOutputs(task),
          'tasks with the loss are computed together as one by one': () => checkStackedTasks(task),
          'the outputs of its least loss predict the label': () => checkMeaning(task),
        },
  };
});
