import {
  doubleMath,
  encodedScores,
  labelDecoder,
  logitsOf,
  rowLossOf,
  taskScores,
  type Task,
  declareTask,
  labelEncoder,
  lossOf,
  predictionWidth,
} from '@polytask/core';
import { startOf } from '@polytask/core/internal';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { broken } from '../cases/case.ts';
import { expectAgreement } from '../cases/agreement.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';
import { checkLossGradient } from './loss.ts';
import { checkDefaultMetrics, checkMeaning, fittedTask } from './meaning.ts';

/** Outputs of a few rows, row-major [rows × outputs]. */
const outputsOf = (width: number): number[] => Array.from({ length: 6 * width }, (_, i) => 2.5 * Math.sin(1 + 2.3 * i));

/** Tensors and doubles give the same predictions, to 1e-5, of as many numbers as the kind says. */
function checkScores(task: Task): void {
  const width = logitsOf('a', task);
  const outputs = outputsOf(width);
  const shape: [number, number] = [outputs.length / width, width];
  const { shape: seen, scores } = tf.tidy(() => {
    const tensor = taskScores(task, tf.tensor2d(outputs, shape));
    return { shape: tensor.shape, scores: tensor.dataSync() };
  });
  const expected = [shape[0], predictionWidth(task)];
  if (String(seen) !== String(expected)) {
    broken({ expected: `predictions [${expected}]`, seen: `[${seen}]`, fix: 'Compare `prediction` with `predict`.' });
  }
  const doubles = encodedScores(task, outputs, width).map(labelDecoder(task));
  expectAgreement({ 'the predictions': scores }, { 'the predictions': doubles }, 1e-5, {
    what: 'tensors to have the predictions of doubles',
    fix: 'Use the operations of `math` alone, and no branch on values.',
  });
}

/** A label is the same after it was encoded and decoded. */
function checkLabels(task: Task): void {
  const { task: fitted, labels } = fittedTask(task);
  const again = labels.map(labelEncoder(fitted)).map(labelDecoder(fitted));
  expectAgreement({ 'the labels': again }, { 'the labels': labels }, 1e-9, {
    what: 'labels that are the same after they were encoded and decoded',
    fix: 'Look at `label`.',
  });
}

/** At the start of a head, the mean loss of the rows that the task was fitted to has no slope: no constant is better. */
function checkStart(task: Task): void {
  const { task: fitted, labels } = fittedTask(task);
  const start = startOf(fitted);
  if (start === undefined) return;
  const width = logitsOf('a', fitted);
  if (start.length !== width) {
    broken({
      expected: `${width} outputs at the start`,
      seen: String(start.length),
      fix: 'Give one for each output.',
    });
  }
  const loss = rowLossOf(lossOf(fitted), width);
  const encoded = labels.map(labelEncoder(fitted));
  const meanAt = (outputs: readonly number[]) =>
    encoded.reduce((sum, y) => sum + (loss(width === 1 ? outputs[0]! : outputs, y, doubleMath) as number), 0) /
    labels.length;
  start.forEach((_, i) => {
    const moved = (by: number) => meanAt(start.map((each, j) => (i === j ? each + by : each)));
    const least = meanAt(start);
    const slack = 0.02 * Math.abs(least); // a start may be that of a distribution with the same mean and deviation
    if (moved(0.2) >= least - slack && moved(-0.2) >= least - slack) return;
    broken({
      expected: `a start of output ${i} that no other constant is better than`,
      seen: `a loss of ${least.toPrecision(4)} there, and ${Math.min(moved(0.2), moved(-0.2)).toPrecision(4)} beside it`,
      fix: 'Let `start` give the outputs of the best constant prediction.',
    });
  });
}

/**
 * Tests a kind of task: the promises of its kind, and those of every component. The model has the task beside a binary one.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testTask(regression({ log: true }), { runner }); // with classes, labels or cut points where the kind has some
 */
export const testTask = tester('task', {}, (task: Task) => {
  const { kind, ...config } = task;
  const fitted = fittedTask(task).task;
  return {
    spec: { kind: 'task', name: kind, config },
    numbers(spec) {
      const declared = declareTask(spec.name, spec.config as object);
      const width = logitsOf('a', declared);
      return { 'the predictions': encodedScores(declared, outputsOf(width), width) };
    },
    model: modelWith(() => fitted),
    way: () => ({ task }),
    own: {
      'tensors have the predictions of doubles': () => checkScores(fitted),
      'labels are the same after encoding and decoding': () => checkLabels(task),
      'its head starts at the best constant': () => checkStart(task),
      'the gradient of its loss is the slope': () => checkLossGradient(lossOf(task), task),
      'the outputs of its least loss predict the label': () => checkMeaning(task),
      'its first metric prefers the labels to a constant': () => checkDefaultMetrics(task),
    },
  };
});
