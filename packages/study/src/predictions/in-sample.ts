import { defineFinding, type Finding } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { isBetter } from '@polytask/metrics';
import { scorePredictions } from '@polytask/training';
import { measuredAs } from '@polytask/training/internal';
import type { PartPredictions } from '../results/trial-result.ts';
import { metricNames, metricsOf } from '../summary/metric-entries.ts';
import { rowIntervals } from './tested-scores.ts';

interface Seen {
  readonly metric: string;
  readonly train: number;
  readonly validation: number;
}

const inSample = /* @__PURE__ */ defineFinding<'task', Seen>('in-sample-teacher', {
  says: ({ task, metric, train, validation }) =>
    `The teacher's ${metric} on ${task} is ${train.toPrecision(3)} on the training rows and ${validation.toPrecision(3)} on the validation rows: ` +
    'the model that predicted the training rows was probably trained on them.',
  remedy: 'Predict each fold by a model of the other folds (polytask split --folds).',
});

/** Below this part of the normalized loss on the validation rows, the loss on the training rows isn't out of fold. */
const LEAST = 0.8;

/**
 * The tasks whose training rows a teacher predicts far better than the validation rows: the score on the training rows is outside of the 95%
 * interval of the score on the validation rows, and the normalized loss is below {@link LEAST} of theirs. Out-of-fold predictions are about
 * as good on both.
 */
export function inSampleFindings(
  tasks: Tasks,
  { train, validation }: Readonly<Record<'train' | 'validation', PartPredictions>>,
): Finding[] {
  const metrics = metricNames(tasks);
  const [own, held] = [train, validation].map(({ byTask }) => scorePredictions(tasks, byTask, { metrics }));
  return Object.entries(tasks).flatMap(([task, kind]) => {
    const { name, label, direction } = metricsOf(kind)[0]!;
    const [onTrain, onValidation] = [own![task]!, held![task]!];
    const score = onValidation[name]!;
    const bounds = rowIntervals(measuredAs(kind), { [name]: score }, validation.byTask[task]!)[name];
    if (!bounds || !isBetter(direction, onTrain[name]!, direction === 'lower' ? bounds.low : bounds.high)) return [];
    if (!(onTrain['normalizedLoss']! < LEAST * onValidation['normalizedLoss']!)) return [];
    return [inSample({ task }, { metric: label, train: onTrain[name]!, validation: score })];
  });
}
