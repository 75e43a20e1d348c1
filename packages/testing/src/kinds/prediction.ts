import { anything, optional, type Option } from '@polytask/components';
import {
  encodedScores,
  kindOf,
  logitsOf,
  predictionOf,
  predictionTypeOf,
  predictionWidth,
  type Prediction,
  type Task,
} from '@polytask/core';
import { findMetric, isBetter, type Metric } from '@polytask/metrics';
import { broken } from '../cases/case.ts';
import { expectFinite } from '../cases/agreement.ts';
import { tester } from '../tester.ts';
import { modelWith } from '../tiny/tiny-model.ts';
import { checkDefaultMetrics, checkMeaning, fittedTask, taskWith } from './meaning.ts';

/** Outputs of a few rows, small and large, row-major [rows × outputs]. */
const outputsOf = (width: number): number[] => Array.from({ length: 6 * width }, (_, i) => 9 * Math.sin(1 + 2.3 * i));

/** As many numbers as names, finite, and between 0 and 1 if they are probabilities. */
function checkNumbers(task: Task): void {
  const width = logitsOf('a', task);
  const scores = encodedScores(task, outputsOf(width), width);
  expectFinite({ 'the predictions': scores }, 'Guard exponents in `predict`.');
  const { isProbability } = predictionTypeOf(task);
  const wrong = scores.find((score) => isProbability && !(score >= 0 && score <= 1));
  if (wrong === undefined) return;
  broken({
    expected: 'probabilities from 0 to 1',
    seen: String(wrong),
    fix: 'Leave `isProbability` out, or mend `predict`.',
  });
}

/** Who knows the label has as many numbers as a prediction, and each label its own. */
function checkPerfect(task: Task): void {
  const { perfect, names } = predictionTypeOf(task);
  const { labels } = fittedTask(task);
  const known = labels.map((label) => perfect(label, names));
  const wrong = known.find(({ length }) => length !== predictionWidth(task));
  if (wrong) {
    broken({
      expected: `${predictionWidth(task)} numbers of who knows the label`,
      seen: `${wrong.length}`,
      fix: 'Mend `perfect`.',
    });
  }
  if (new Set(known.map(String)).size > 1) return;
  broken({ expected: 'other numbers for other labels', seen: `${known[0]}`, fix: 'Let `perfect` read the label.' });
}

/** A metric that reads these predictions. */
function metricOf(task: Task, name: string): Metric {
  const { measuredAs } = predictionTypeOf(task);
  const metric = findMetric(name, measuredAs);
  if (metric.task === measuredAs) return metric;
  return broken({
    expected: `metrics for ${measuredAs}`,
    seen: `"${name}", which is for ${metric.task}`,
    fix: 'Define one.',
  });
}

/** The normalized loss prefers the labels to their best constant, of which it is 1. */
function checkNormalizedLoss(task: Task): void {
  const { task: fitted, labels } = fittedTask(task);
  const { isProbability, names, normalizedLoss, perfect } = predictionTypeOf(fitted);
  for (const name of kindOf(fitted).metrics) metricOf(fitted, name);
  const metric = metricOf(fitted, normalizedLoss(names));
  const valueOf = (rows: readonly (readonly number[])[]) => metric.create().update(labels, rows.flat()).compute();
  const constant = metric.constant?.(
    labels,
    labels.map(() => 1),
    predictionWidth(fitted),
  );
  if (!constant) {
    return broken({
      expected: `the best constant prediction of "${metric.name}"`,
      seen: 'none',
      fix: 'Give the metric a `constant`: reports compare with it.',
    });
  }
  const open = (value: number, label: number) => (Number.isNaN(value) ? (isProbability ? 1 : Math.abs(label)) : value);
  const best = valueOf(labels.map((label) => perfect(label, names).map((value) => open(value, label))));
  const plain = valueOf(labels.map(() => constant));
  if (metric.direction === 'lower' && isBetter('lower', best, plain) && Math.abs(plain - 1) < 1e-6) return;
  broken({
    expected: `"${metric.name}" to be 1 for the best constant, and lower for the labels`,
    seen: `${plain} and ${best}`,
    fix: 'Divide the error by that of `constant`.',
  });
}

const options = {
  /** A task that has the prediction. Default: one of the first kind whose prediction is of this type. */
  task: optional(anything as Option<Task>),
};

/**
 * Tests a type of prediction: the promises of its kind, and those of every component. The model has a task with such a prediction beside a
 * binary one.
 *
 * @throws PolytaskError when there is no test runner; a case throws when no kind of task has such a prediction
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testPrediction('quantiles', { task: gaussian(), runner });
 */
export const testPrediction = tester(
  'prediction',
  options,
  (
    name: Prediction['type'],
    { task = taskWith(`a prediction of the type "${name}"`, (each) => predictionOf(each).type === name) },
  ) => {
    const fitted = () => fittedTask(task).task;
    return {
      spec: { kind: 'prediction', name, config: {} },
      numbers() {
        const width = logitsOf('a', fitted());
        return { 'the predictions': encodedScores(fitted(), outputsOf(width), width) };
      },
      model: modelWith(fitted),
      way: () => ({ task }),
      own: {
        'its numbers are what it says': () => checkNumbers(fitted()),
        'who knows the label has its numbers': () => checkPerfect(task),
        'its normalized loss is 1 for the best constant, and less for the labels': () => checkNormalizedLoss(task),
        'the outputs of its least loss predict the label': () => checkMeaning(task),
        'its first metric prefers the labels to a constant': () => checkDefaultMetrics(task),
      },
    };
  },
);
