import {
  anything,
  mapValues,
  optional,
  readOptions,
  recordOf,
  sum,
  wholeNumber,
  type Finding,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import { predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { findMetric, isBetter, jackknifeInterval, studentTTail, type Verdict } from '@polytask/metrics';
import { weightedMean, weightedQuantiles } from '@polytask/metrics/internal';
import { chooseThreshold, type cost, type TaskPredictions, type ThresholdSpec } from '@polytask/training';
import { type JudgedModel, measuredAs } from '@polytask/training/internal';
import { segmentsBy } from '../explain/explain-model.ts';
import { rowsWhere } from '../predictions/ensemble.ts';
import { metricNamesByTask } from '../predictions/score-trials.ts';
import { scoresOfPart } from '../predictions/tested-scores.ts';
import { corrected } from '../summary/comparisons.ts';
import {
  type CalibrationBin,
  calibrationOf,
  classesOf,
  decided,
  type Decided,
  measuredInterval,
  type MeasuredInterval,
} from '../training/measured-calibration.ts';
import { predictionFindings } from './prediction-findings.ts';

/** A metric of a task on the evaluated rows. */
export interface EvaluatedScore {
  readonly value: number;
  /** The 95% interval over samples of rows. */
  readonly low: number;
  readonly high: number;
  /** The metric of the best constant prediction on the same rows. */
  readonly constant: number;
}

/** Rows by label and decision, counted by sample weight. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  /** [labels][decisions] */
  readonly counts: readonly (readonly number[])[];
}

/** What a task's decisions are if yes begins at a probability. */
export interface ThresholdRow extends Decided {
  readonly at: number;
  /** The mean cost of a row, if the threshold is chosen by `cost(…)`. */
  readonly cost?: number;
  /** Why the table has it: `f1`, `the model's`. Undefined for a step of the grid. */
  readonly rule?: string;
}

/** The rows with the highest scores, compared with all rows. */
export interface LiftRow {
  /** The share of rows, by sample weight. */
  readonly share: number;
  readonly lift: number;
  /** The share of all positives that these rows have. */
  readonly found: number;
}

/** The errors of a predicted number: label − prediction, in the label's unit. */
export interface Residuals {
  readonly mean: number;
  /** At 5%, 25%, 50%, 75% and 95% of the rows. */
  readonly quantiles: readonly number[];
  readonly predictedTotal: number;
  readonly total: number;
}

/** One of the rows whose predictions are furthest from their labels. */
export interface WorstRow {
  /** The row's place in its file. */
  readonly row: string;
  /** The class, or the number that the prediction is compared with. */
  readonly label: string | number;
  readonly prediction: number;
  /** Which of several predicted numbers it is: the likeliest class, or what is furthest from the label: a label of several, a quantile, a time. */
  readonly name?: string;
}

/** How good the predictions of a task are. */
export interface TaskEvaluation {
  readonly task: string;
  readonly rows: number;
  /** Whether rows have sample weights other than 1: counts and totals are then weighted. */
  readonly isWeighted: boolean;
  readonly scores: Readonly<Record<string, EvaluatedScore>>;
  readonly calibration: readonly CalibrationBin[];
  /** For a task with a decision or with classes. */
  readonly confusion?: ConfusionMatrix;
  /** For a task with a decision. */
  readonly thresholds?: readonly ThresholdRow[];
  readonly lift?: readonly LiftRow[];
  /** For a task of a number. */
  readonly residuals?: Residuals;
  /** For a task with calibrated intervals or sets. */
  readonly interval?: MeasuredInterval | undefined;
  readonly worst: readonly WorstRow[];
}

/** A task's first metric on the rows of a segment, compared with all other rows. */
export interface SegmentScore {
  readonly segment: string;
  readonly task: string;
  readonly metric: string;
  readonly rows: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether the model is significantly better on the segment than on all other rows, with Holm's correction for the table. */
  readonly verdict: Verdict;
}

const description = {
  /** The metrics of each task, as {@link metricsToEvaluate} gives them. */
  metrics: anything as Option<Readonly<Record<string, readonly string[]>>>,
  /** From which probability a decision is yes: a number, or a rule that chooses it on these rows. Default: the model's, or .5. */
  threshold: optional(anything as Option<number | ThresholdSpec>),
  /** How many of the worst rows to list. */
  worst: wholeNumber(1),
  /** The place of an evaluated row in its file. */
  where: anything as Option<(row: number) => string>,
  /** What findings need for their remedies. Without `rows`, there are no findings on probabilities and intervals. */
  model: optional(anything as Option<JudgedModel>, {}),
};

export interface EvaluatePredictionsOptions extends Written<typeof description>, FromDescription {}

const DEFAULT_THRESHOLD = 0.5;
const COST = 'cost';
const GRID = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const TOP = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5];
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * The metrics of each task. Those of decisions are at the task's threshold: `f1@0.3` for `f1`.
 *
 * @param names in this order. Default: those that every comparison measures
 * @param threshold as in {@link evaluatePredictions}
 * @throws PolytaskError for an unknown metric, and one that fits no task
 */
export const metricsToEvaluate = (
  tasks: Tasks,
  byTask: Readonly<Record<string, TaskPredictions>>,
  names: readonly string[] | undefined,
  threshold: EvaluatePredictionsOptions['threshold'],
): Record<string, string[]> =>
  mapValues(metricNamesByTask(tasks, names), (own, name) => {
    const task = tasks[name]!;
    if (!predictionTypeOf(task).hasDecision) return own;
    const { at } = decisionOf(task, byTask[name]!, threshold);
    const isDecided = (metric: string) =>
      !metric.includes('@') && findMetric(metric, measuredAs(task)).config['threshold'] !== undefined;
    return own.map((metric) => (at !== DEFAULT_THRESHOLD && isDecided(metric) ? `${metric}@${at}` : metric));
  });

/** Evaluates the predictions of each task that has labels, and says what is bad about them. */
export function evaluatePredictions(
  tasks: Tasks,
  byTask: Readonly<Record<string, TaskPredictions>>,
  options: EvaluatePredictionsOptions,
): { readonly tasks: readonly TaskEvaluation[]; readonly findings: readonly Finding[] } {
  const { metrics, threshold, worst, where, model } = readOptions(options, description, 'evaluatePredictions');
  const scored = scoresOfPart(tasks, { byTask, groups: undefined }, metrics, undefined, model);
  const { metrics: scores, rowIntervals, constants = {}, warnings } = scored;
  const calibration = calibrationOf(tasks, byTask);
  const evaluations = Object.entries(tasks).map(([name, task]): TaskEvaluation => {
    const predicted = byTask[name]!;
    const { hasDecision, isExclusive, hasMean, isProbability } = predictionTypeOf(task);
    const decision = hasDecision && decisionOf(task, predicted, threshold);
    return {
      task: name,
      rows: predicted.labels.length,
      isWeighted: predicted.weights.some((weight) => weight !== 1),
      scores: recordOf(metrics[name]!, (metric) => ({
        value: scores[name]![metric]!,
        ...(rowIntervals[name]![metric] ?? { low: NaN, high: NaN }),
        constant: constants[name]?.[metric] ?? NaN,
      })),
      calibration: calibration[name] ?? [],
      ...((decision || isExclusive) && { confusion: confusionOf(task, predicted, decision ? decision.at : undefined) }),
      ...(decision && { thresholds: thresholdRows(predicted, decision), lift: liftRows(predicted) }),
      ...(hasMean && !isProbability && { residuals: residualsOf(predicted) }),
      interval: measuredInterval(task, predicted),
      worst: worstRows(task, predicted, worst).map(({ row, ...rest }) => ({ row: where(row), ...rest })),
    };
  });
  return {
    tasks: evaluations,
    findings: [...warnings, ...(model.rows ? predictionFindings(tasks, byTask, model.rows) : [])],
  };
}

interface Decision {
  readonly at: number;
  readonly rule: string;
  /** The rule that chose it. */
  readonly chosenBy?: ThresholdSpec | undefined;
}

function decisionOf(
  task: Task,
  predicted: TaskPredictions,
  threshold: EvaluatePredictionsOptions['threshold'],
): Decision {
  if (typeof threshold === 'number') return { at: threshold, rule: 'given' };
  if (threshold !== undefined)
    return {
      at: chooseThreshold(threshold, predicted),
      rule: `${threshold.name}, on these rows`,
      chosenBy: threshold,
    };
  const own = task.calibrated?.threshold;
  if (own === undefined) return { at: DEFAULT_THRESHOLD, rule: 'the default' };
  return { at: own.at, rule: "the model's", chosenBy: own.rule };
}

function confusionOf(task: Task, { labels, predictions, weights }: TaskPredictions, at?: number): ConfusionMatrix {
  const classes = classesOf(task);
  const width = predictions.length / labels.length;
  const counts = classes.map(() => classes.map(() => 0));
  labels.forEach((label, row) => {
    const own = predictions.subarray(row * width, (row + 1) * width);
    const decided = at === undefined ? largest(Array.from(own)) : Number(own[0]! >= at);
    counts[label]![decided]! += weights[row]!;
  });
  return { classes, counts };
}

function thresholdRows(predicted: TaskPredictions, { at, rule, chosenBy }: Decision): ThresholdRow[] {
  const { labels, predictions, weights } = predicted;
  const grid = GRID.filter((step) => step !== at).map((step) => ({ at: step }));
  const costs = chosenBy?.name === COST ? (chosenBy.config as Parameters<typeof cost>[0]) : undefined;
  return [...grid, { at, rule }]
    .sort((a, b) => a.at - b.at)
    .map((row) => ({
      ...{ ...row, ...decided(row.at, predicted) },
      ...(costs && {
        cost: weightedMean(
          labels.map((label, i) => {
            const isYes = predictions[i]! >= row.at;
            if (isYes === label > 0) return 0;
            return isYes ? costs.falsePositive : costs.falseNegative;
          }),
          weights,
        ),
      }),
    }));
}

function liftRows({ labels, predictions, weights }: TaskPredictions): LiftRow[] {
  return TOP.map((share) => {
    const lift = findMetric(`lift@${100 * share}%`)
      .create()
      .update(labels, predictions, { weights })
      .compute();
    return { share, lift, found: lift * share };
  });
}

function residualsOf({ labels, predictions, weights }: TaskPredictions): Residuals {
  const errors = labels.map((label, row) => label - predictions[row]!);
  const total = (values: Float64Array) => sum(values, (value, row) => value * weights[row]!);
  return {
    mean: total(errors) / sum(weights),
    quantiles: weightedQuantiles(errors, weights, QUANTILES),
    predictedTotal: total(predictions),
    total: total(labels),
  };
}

/** The rows with the largest distance between the prediction and that of who knows the label. */
function worstRows(task: Task, { labels, predictions, rows }: TaskPredictions, count: number) {
  const { names, perfect, isExclusive, hasDecision } = predictionTypeOf(task);
  const width = predictions.length / labels.length;
  const apartOf = (row: number): number[] =>
    perfect(labels[row]!, names).map((best, i) =>
      Number.isNaN(best) ? 0 : Math.abs(predictions[row * width + i]! - best),
    );
  const distances = labels.map((_, row) => sum(apartOf(row)));
  const order = [...labels.keys()].sort((a, b) => distances[b]! - distances[a]!).slice(0, count);
  return order.map((row) => {
    const own = Array.from(predictions.subarray(row * width, (row + 1) * width));
    const at = largest(isExclusive ? own : apartOf(row));
    const numbers = { label: perfect(labels[row]!, names)[at]!, prediction: own[at]! };
    if (isExclusive) return { row: rows[row]!, label: names[labels[row]!]!, prediction: own[at]!, name: names[at]! };
    if (hasDecision) return { row: rows[row]!, ...numbers, label: classesOf(task)[numbers.label]! };
    return { row: rows[row]!, ...numbers, ...(width > 1 && { name: names[at]! }) };
  });
}

const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/**
 * The first metric of each task on each segment of the rows, compared with the metric on all other rows: Welch's t test with
 * jackknife standard errors, and Holm's correction over tasks and segments.
 *
 * @param values the value of each evaluated row in the column; undefined for a missing one
 */
export function evaluateSegments(
  tasks: Tasks,
  byTask: Readonly<Record<string, TaskPredictions>>,
  metrics: EvaluatePredictionsOptions['metrics'],
  values: readonly (string | undefined)[],
): SegmentScore[] {
  const found = segmentsBy(values).flatMap(({ name: segment, rows }) => {
    const inside = new Set(rows);
    return Object.entries(tasks).map(([name, task]) => {
      const metric = findMetric(metrics[name]![0]!, measuredAs(task));
      const predicted = byTask[name]!;
      const on = (isIn: boolean) => {
        const own = rowsWhere(predicted, (row) => inside.has(row) === isIn);
        return {
          rows: own.labels.length,
          ...jackknifeInterval(metric, own.labels, own.predictions, { weights: own.weights }),
        };
      };
      const [own, others] = [on(true), on(false)];
      // the errors of few rows may all be equal: their variance is then that of the other rows
      const varianceOf = (its: typeof own, that: typeof own) =>
        its.standardError === 0 ? (that.standardError ** 2 * that.rows) / its.rows : its.standardError ** 2;
      const [a, b] = [varianceOf(own, others), varianceOf(others, own)];
      const t = (own.value - others.value) / Math.sqrt(a + b);
      const isTested = Number.isFinite(t); // not if the rows have one class
      const { rows: size, value, low, high } = own;
      return {
        ...{ segment, task: name, metric: metric.name, rows: size, value, low, high },
        pValue: isTested ? studentTTail(t, (a + b) ** 2 / (a ** 2 / own.degrees + b ** 2 / others.degrees)) : 1,
        verdict: !isTested ? 'untested' : isBetter(metric.direction, value, others.value) ? 'better' : 'worse',
      } as const;
    });
  });
  return corrected(found).map(({ pValue: _, adjustedPValue: __, ...score }) => score);
}
