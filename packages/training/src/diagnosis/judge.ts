import { defineFinding, type Finding, mean, type Subject, sum } from '@polytask/components';
import { isLog, type Task, predictionTypeOf } from '@polytask/core';
import { auc } from '@polytask/metrics';
import {
  after,
  compareRows,
  type JudgedModel,
  type ModelRows,
  remedies,
  unknown,
  worseThanConstant,
} from '../evaluation/bad-scores.ts';
import type { TaskPredictions } from '../evaluation/measure.ts';

export interface JudgedTask {
  readonly predicted: TaskPredictions;
  readonly normalizedLoss: number;
}

/**
 * Judges the predictions of a task. Of several reasons why they are bad, the first one is given.
 *
 * @param train undefined if the training rows aren't known
 * @param model without its family, findings have no remedy that depends on it
 */
export function judgeTask(
  name: string,
  task: Task,
  train: JudgedTask | undefined,
  held: JudgedTask,
  model: JudgedModel = {},
): Finding[] {
  const deviation = relativeDeviation(task, held.predicted);
  if (deviation < CONSTANT)
    return [
      constantOutput(
        { task: name },
        { deviation, hasClasses: predictionTypeOf(task).isExclusive === true },
        model.family,
      ),
    ];
  const atHalf = predictionTypeOf(task).hasDecision
    ? aucAtHalf(name, train?.predicted, held.predicted, model)
    : undefined;
  return [
    ...(atHalf ? [atHalf] : worseThanConstant({ task: name }, task, held.normalizedLoss, train?.normalizedLoss, model)),
    ...nearlyPerfect(name, task, held.normalizedLoss),
    ...biasedTotal(name, task, held.predicted, model),
  ];
}

/** Predictions that vary by less than this share of the labels' standard deviation explain less than a millionth of the variance. */
const CONSTANT = 1e-3;
/** Even an untrained network varies more, in float32: below, nothing of the rows gets through. */
const DEAD = 1e-5;

interface Alike {
  /** The standard deviation of the predictions over that of the labels, the largest of the task's outputs. */
  readonly deviation: number;
  readonly hasClasses: boolean;
}

const constantOutput = /* @__PURE__ */ defineFinding<'task', Alike>('constant-output', {
  says: ({ task, deviation }) =>
    `Task ${task} is predicted alike for all rows: its predictions vary ${deviation.toPrecision(2)} times as much as its labels.`,
  remedy: /* @__PURE__ */ remedies((own, { deviation, hasClasses }: Alike) => {
    if (deviation >= DEAD) return own.untrained;
    return (hasClasses ? own.deadClasses : undefined) ?? own.dead;
  }),
});

/** The largest standard deviation of an output, over that of the labels; of probabilities, over that of a label with their mean. */
function relativeDeviation(task: Task, { labels, predictions }: TaskPredictions): number {
  const width = predictions.length / labels.length;
  const { isProbability, names, perfect } = predictionTypeOf(task);
  if (labels.length < 2) return NaN;
  const known = isProbability ? [] : Array.from(labels, (label) => perfect(label, names));
  const shares = Array.from({ length: width }, (_, output) => {
    const { center, deviation } = momentsOf(labels.map((_, row) => predictions[row * width + output]!));
    if (isProbability) return deviation === 0 ? 0 : deviation / Math.sqrt(center * (1 - center));
    const own = Float64Array.from(known, (row) => row[output]!).filter((value) => !Number.isNaN(value));
    return deviation / momentsOf(own).deviation;
  }).filter((share) => share < Infinity); // not where labels are equal, or leave the number open
  return shares.length > 0 ? Math.max(...shares) : NaN;
}

function momentsOf(values: Float64Array): { center: number; deviation: number } {
  const center = mean(values);
  return { center, deviation: Math.sqrt(sum(values, (value) => (value - center) ** 2) / values.length) };
}

/** The standard error of the AUC of a model that guesses: that of the Mann-Whitney U (Mann & Whitney 1947) over n₁ n₀. */
export function standardErrorOfHalf(labels: ArrayLike<number>): number {
  const positive = Array.from(labels).filter((label) => label === 1).length;
  return Math.sqrt((labels.length + 1) / (12 * positive * (labels.length - positive)));
}

/** How many standard errors above ½ chance may bring an AUC: 2.3% of models that guess get further. */
const ERRORS = 2;
/** With a larger standard error there are too few rows of a class: even a good model could be this close to ½. */
const LARGEST_ERROR = 0.05;

interface AtHalf {
  readonly auc: number;
  /** What a model that guesses reaches on as many rows of both classes. */
  readonly chance: number;
  /** The AUC on the training rows, and what is more than chance there. Undefined without them. */
  readonly trained: { readonly auc: number; readonly chance: number } | undefined;
  readonly rows: ModelRows | undefined;
}

const noRanking = /* @__PURE__ */ defineFinding<'task', AtHalf>('auc-at-half', {
  says: ({ task, auc, chance, trained }) =>
    `Task ${task} has an AUC of ${auc.toFixed(3)}${trained ? `, ${trained.auc.toFixed(3)} on training rows` : ''}. Chance gives up to ` +
    `${chance.toFixed(3)} on as many rows.`,
  remedy: /* @__PURE__ */ remedies((own, { auc, chance, trained, rows }: AtHalf) => {
    if (auc < 1 - chance) {
      const wrongWay =
        'It ranks the wrong way: look at what counts as yes, and whether these rows are unlike the training rows';
      return rows ? compareRows(rows, wrongWay) : `${wrongWay}.`;
    }
    if (!trained) return unknown(own, rows);
    return trained.auc > trained.chance
      ? after('It has learned its training rows by heart, or these rows are unlike them. If it has,', own.byHeart)
      : after('The model learns nothing:', own.learnsNothing);
  }),
});

function aucAtHalf(
  task: string,
  train: TaskPredictions | undefined,
  held: TaskPredictions,
  { family, rows }: JudgedModel,
): Finding | undefined {
  if (!(standardErrorOfHalf(held.labels) <= LARGEST_ERROR)) return undefined;
  const measured = ({ labels, predictions }: TaskPredictions) => ({
    auc: auc(labels, predictions),
    chance: 0.5 + ERRORS * standardErrorOfHalf(labels),
  });
  const own = measured(held);
  return own.auc > own.chance
    ? undefined
    : noRanking({ task }, { ...own, trained: train && measured(train), rows }, family);
}

const noError = /* @__PURE__ */ defineFinding<'task', { normalizedLoss: number }>('nearly-perfect', {
  says: ({ task, normalizedLoss }) =>
    `Task ${task}: nearly no error (RMSE ${normalizedLoss.toPrecision(2)} times the deviation).`,
  remedy: 'Is this a leak? Look for features that are known only with the label.',
});

/** Classes can be told apart nearly without error, numbers can't. */
const nearlyPerfect = (name: string, task: Task, normalizedLoss: number): Finding[] =>
  normalizedLoss < (predictionTypeOf(task).suspicious ?? 0) ? [noError({ task: name }, { normalizedLoss })] : [];

/** A mean prediction that is so many standard errors from the mean label isn't chance: of three in 1,000 good models it is. */
const FAR = 3;
/** Up to this share of the mean label nobody minds. */
const NEAR = 0.05;

/** With a larger share of zeros, an amount models them apart. */
const MANY_ZEROS = 0.5;

/** The means of predictions and labels, by sample weight. */
export interface MeanDifference {
  readonly predicted: number;
  readonly actual: number;
  /** The standard error of their difference. */
  readonly standardError: number;
}

export function meanDifference({ labels, predictions, weights }: TaskPredictions): MeanDifference {
  const total = sum(weights);
  const meanOf = (values: Float64Array) => sum(values, (value, row) => value * weights[row]!) / total;
  const [predicted, actual] = [meanOf(predictions), meanOf(labels)];
  const residuals = labels.map((label, row) => weights[row]! * (predictions[row]! - label - (predicted - actual)));
  return { predicted, actual, standardError: Math.sqrt(sum(residuals, (value) => value ** 2)) / total };
}

interface Biased extends MeanDifference {
  /** The kind of task with the right totals, if the task is trained on logarithms, which make totals too low. */
  readonly better: 'count' | 'amount' | undefined;
  readonly rows: ModelRows | undefined;
}

const UNLIKE = 'look whether these rows are unlike the training rows';

const tooFar = /* @__PURE__ */ defineFinding<'task', Biased>('biased-total', {
  says: ({ task, predicted, actual }) =>
    `Task ${task}: the mean prediction is ${predicted.toPrecision(3)}, the mean label ${actual.toPrecision(3)}, a significant difference.`,
  remedy: /* @__PURE__ */ remedies((own, { task, better, rows }: Biased & Subject) => {
    if (!better) return rows ? compareRows(rows, `${own.biased}, or ${UNLIKE}`) : `${own.biased}, or ${UNLIKE}.`;
    return {
      says: `It is trained on logarithms, so that totals are too low: for totals, declare it as "${better}"`,
      dataset: { tasks: { [task!]: { kind: better } } },
    };
  }),
});

/** Predicted numbers whose total isn't that of the labels, beyond what the choice of rows explains. */
function biasedTotal(name: string, task: Task, predicted: TaskPredictions, { family, rows }: JudgedModel): Finding[] {
  const { hasMean, isProbability } = predictionTypeOf(task);
  if (!hasMean || isProbability) return [];
  const means = meanDifference(predicted);
  const apart = Math.abs(means.predicted - means.actual);
  if (!(apart > FAR * means.standardError && apart > NEAR * Math.abs(means.actual))) return [];
  const isTooLow = isLog(task) && means.predicted < means.actual && predicted.labels.every((label) => label >= 0);
  const zeros = predicted.labels.filter((label) => label === 0).length;
  const isOftenZero = family !== 'trees' && zeros > MANY_ZEROS * predicted.labels.length; // trees have no amounts
  const better = isTooLow ? (isOftenZero ? 'amount' : 'count') : undefined;
  return [tooFar({ task: name }, { ...means, better, rows }, family)];
}
