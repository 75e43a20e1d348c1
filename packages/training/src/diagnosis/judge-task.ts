import { type Task, predictionTypeOf } from '@polytask/core';
import { auc } from '@polytask/metrics';
import { measuredAs } from '../evaluation/metric-table.ts';
import type { TaskPredictions } from '../evaluation/predictions.ts';
import type { Finding } from './findings.ts';

/** A task on some rows. */
export interface JudgedTask {
  readonly predicted: TaskPredictions;
  readonly normalizedLoss: number;
}

/** Predictions that vary by less than this share of the labels' standard deviation explain less than a millionth of the variance. */
const CONSTANT = 1e-3;
/** Even an untrained network varies more, in float32: below, nothing of the rows gets through. */
const DEAD = 1e-5;
/** How many standard errors above ½ chance may bring an AUC: 2.3% of models that guess get further. */
const ERRORS = 2;
/** With a larger standard error there are too few rows of a class: even a good model could be this close to ½. */
const LARGEST_ERROR = 0.05;

/**
 * Judges the predictions of a task. Of several reasons for bad predictions, the first one is given.
 *
 * @param train undefined if the training rows aren't known
 * @param held rows that the model wasn't trained on
 */
export function judgeTask(name: string, task: Task, train: JudgedTask | undefined, held: JudgedTask): Finding[] {
  const deviation = relativeDeviation(task, held.predicted);
  if (deviation < CONSTANT) {
    const remedy =
      deviation < DEAD
        ? 'Its part of the network is dead or saturated: lower the learning rate (findLearningRate suggests one), or clip the gradients.'
        : 'It has hardly been trained: raise the learning rate (findLearningRate suggests one), or train longer.';
    const message =
      `Task ${name} is predicted alike for all rows: its predictions vary ${deviation.toPrecision(2)} times as much as ` +
      `its labels. ${remedy}`;
    return [{ kind: 'constant-output', task: name, deviation, message }];
  }
  const atHalf = measuredAs(task) === 'binary' ? aucAtHalf(name, train?.predicted, held.predicted) : undefined;
  if (atHalf) return [atHalf];
  const { normalizedLoss } = held;
  if (!(normalizedLoss >= 1)) return [];
  const trainError = train?.normalizedLoss ?? NaN;
  const remedy = !train
    ? WITHOUT_TRAIN
    : trainError < 1
      ? `It is ${trainError.toFixed(3)} on training rows, so the model overfits: stop early, use a smaller model, dropout or more rows.`
      : 'It is no better on training rows, so the model learns nothing: look for a learning rate (findLearningRate), then at the features.';
  const seen = `Task ${name} is predicted worse than by a constant: its normalized loss is ${normalizedLoss.toFixed(3)}.`;
  return [{ kind: 'worse-than-constant', task: name, normalizedLoss, trainError, message: `${seen} ${remedy}` }];
}

/** The remedy depends on the training rows. */
const WITHOUT_TRAIN =
  'Diagnose it on training rows, too. If it is bad there as well, it learns nothing: look for a learning rate, then at the features. ' +
  'Otherwise it overfits, or these rows are unlike those of the training: stop early, use a smaller model or more rows.';

/** The largest standard deviation of an output, over that of the labels; of probabilities, over that of a label with their mean. */
function relativeDeviation(task: Task, { labels, predictions }: TaskPredictions): number {
  const width = predictions.length / labels.length;
  const isNumber = !predictionTypeOf(task).isProbability;
  const ofLabels = momentsOf(labels).deviation;
  if (labels.length < 2 || (isNumber && ofLabels === 0)) return NaN;
  const shares = Array.from({ length: width }, (_, output) => {
    const { mean, deviation } = momentsOf(labels.map((_, row) => predictions[row * width + output]!));
    return deviation === 0 ? 0 : deviation / (isNumber ? ofLabels : Math.sqrt(mean * (1 - mean)));
  });
  return Math.max(...shares);
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** The standard error of the AUC of a model that guesses: that of the Mann-Whitney U (Mann & Whitney 1947) over n₁ n₀. */
export function standardErrorOfHalf(labels: ArrayLike<number>): number {
  const positive = Array.from(labels).filter((label) => label === 1).length;
  return Math.sqrt((labels.length + 1) / (12 * positive * (labels.length - positive)));
}

function aucAtHalf(task: string, train: TaskPredictions | undefined, held: TaskPredictions): Finding | undefined {
  const standardError = standardErrorOfHalf(held.labels);
  if (!(standardError <= LARGEST_ERROR)) return undefined;
  const value = auc(held.labels, held.predictions);
  const chance = 0.5 + ERRORS * standardError;
  if (value > chance) return undefined;
  const trainAuc = train ? auc(train.labels, train.predictions) : NaN;
  const learned = train && trainAuc > 0.5 + ERRORS * standardErrorOfHalf(train.labels);
  const remedy =
    value < 0.5 - ERRORS * standardError
      ? 'It ranks the wrong way: look at what counts as yes, and whether these rows are unlike the training rows.'
      : !train
        ? WITHOUT_TRAIN
        : learned
          ? 'The model has learned its training rows by heart: use fewer parameters, dropout, weight decay or more rows.'
          : 'Look for a learning rate (findLearningRate), then for features that can tell the label.';
  const message =
    `Task ${task} has an AUC of ${value.toFixed(3)}${train ? `, ${trainAuc.toFixed(3)} on training rows` : ''}. Chance gives up to ` +
    `${chance.toFixed(3)} on as many rows. ${remedy}`;
  return { kind: 'auc-at-half', task, auc: value, standardError, trainAuc, message };
}
