import { mean, sum } from '@polytask/components';
import { type Task, predictionTypeOf, type FusionLevel } from '@polytask/core';
import { auc } from '@polytask/metrics';
import type { TaskPredictions } from '../evaluation/measure.ts';
import type { GateUse } from '../evaluation/evaluate.ts';
import type { GradientRelations } from '../evaluation/evaluate-gradients.ts';

/** Something that is wrong with a trained model: `message` is what was seen, and the remedy. The other properties are for programs. */
export type Finding = { readonly message: string } &
  /** The predictions of a task hardly differ from row to row. */
  (
    | {
        readonly kind: 'constant-output';
        readonly task: string;
        /** The standard deviation of the predictions over that of the labels: the largest of the task's outputs. */
        readonly deviation: number;
      }
    /** The AUC of a yes/no task is not above ½ by more than chance gives. */
    | {
        readonly kind: 'auc-at-half';
        readonly task: string;
        readonly auc: number;
        /** The standard error of the AUC of a model that guesses, on as many rows of both classes. */
        readonly standardError: number;
        /** The AUC on the training rows; NaN without them. */
        readonly trainAuc: number;
      }
    /** The best constant predicts a task as well. */
    | {
        readonly kind: 'worse-than-constant';
        readonly task: string;
        readonly normalizedLoss: number;
        /** The normalized loss on the training rows; NaN without them. */
        readonly trainError: number;
      }
    /** An expert gives the same output for all rows, or no gate uses it. */
    | {
        readonly kind: 'dead-expert';
        /** The index of the level, from 0. */
        readonly level: number;
        /** `unit.index` */
        readonly expert: string;
        /** The largest mean share of the weights that an output of the level gives to it. */
        readonly share: number;
        /** The standard deviation of its output over the rows, over the size of its output. 0: it is constant. */
        readonly deviation: number;
      }
    /** The gate of an output may choose between experts, and gives one of them the weight in all rows. */
    | {
        readonly kind: 'one-expert';
        readonly level: number;
        readonly output: string;
        readonly expert: string;
        /** The mean share of the gate's weights. */
        readonly share: number;
      }
    /** The shared parameters follow the gradient of another task, which is many times longer. */
    | {
        readonly kind: 'drowned-task';
        readonly task: string;
        /** The task with the longest gradient. */
        readonly by: string;
        /** The length of that gradient over the length of the task's gradient. */
        readonly ratio: number;
        readonly cosine: number;
      }
  );

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

const UNKNOWN = 'Diagnose it on training rows, too. If it is bad there as well, ';
const UNLIKE = 'Otherwise it overfits, or these rows are unlike those of the training: ';

/** What to do, by what trains the model. */
const REMEDIES = {
  gradients: {
    dead: 'Its part of the network is dead or saturated: lower the learning rate (findLearningRate suggests one), or clip the gradients.',
    untrained: 'It has hardly been trained: raise the learning rate (findLearningRate suggests one), or train longer.',
    overfits: 'stop early, use a smaller model, dropout or more rows.',
    learnsNothing: 'look for a learning rate (findLearningRate), then at the features.',
    byHeart: 'use fewer parameters, dropout, weight decay or more rows.',
    unknown: `${UNKNOWN}it learns nothing: look for a learning rate, then at the features. ${UNLIKE}stop early, use a smaller model or more rows.`,
  },
  trees: {
    dead: 'No split makes its loss on the validation rows smaller: look at the features, or allow smaller leaves (minDataInLeaf).',
    untrained: 'It has few trees: look at the features, or raise earlyStoppingRounds.',
    overfits: 'use fewer leaves (numLeaves), a smaller learningRate or more rows.',
    learnsNothing: 'look at the features.',
    byHeart: 'use fewer leaves (numLeaves), larger ones (minDataInLeaf) or more rows.',
    unknown: `${UNKNOWN}it learns nothing: look at the features. ${UNLIKE}use fewer leaves or more rows.`,
  },
};

/**
 * Of several reasons for bad predictions, the first one is given.
 *
 * @param train undefined if the training rows aren't known
 * @param trainedBy what trains the model
 */
export function judgeTask(
  name: string,
  task: Task,
  train: JudgedTask | undefined,
  held: JudgedTask,
  trainedBy: keyof typeof REMEDIES = 'gradients',
): Finding[] {
  const remedies = REMEDIES[trainedBy];
  const deviation = relativeDeviation(task, held.predicted);
  if (deviation < CONSTANT) {
    const remedy = deviation < DEAD ? remedies.dead : remedies.untrained;
    const message =
      `Task ${name} is predicted alike for all rows: its predictions vary ${deviation.toPrecision(2)} times as much as ` +
      `its labels. ${remedy}`;
    return [{ kind: 'constant-output', task: name, deviation, message }];
  }
  const atHalf = predictionTypeOf(task).hasDecision
    ? aucAtHalf(name, train?.predicted, held.predicted, remedies)
    : undefined;
  if (atHalf) return [atHalf];
  const { normalizedLoss } = held;
  if (!(normalizedLoss >= 1)) return [];
  const trainError = train?.normalizedLoss ?? NaN;
  const remedy = !train
    ? remedies.unknown
    : trainError < 1
      ? `It is ${trainError.toFixed(3)} on training rows, so the model overfits: ${remedies.overfits}`
      : `It is no better on training rows, so the model learns nothing: ${remedies.learnsNothing}`;
  const seen = `Task ${name} is predicted worse than by a constant: its normalized loss is ${normalizedLoss.toFixed(3)}.`;
  return [{ kind: 'worse-than-constant', task: name, normalizedLoss, trainError, message: `${seen} ${remedy}` }];
}

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

function aucAtHalf(
  task: string,
  train: TaskPredictions | undefined,
  held: TaskPredictions,
  remedies: (typeof REMEDIES)['trees'],
): Finding | undefined {
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
        ? remedies.unknown
        : learned
          ? `The model has learned its training rows by heart: ${remedies.byHeart}`
          : `The model learns nothing: ${remedies.learnsNothing}`;
  const message =
    `Task ${task} has an AUC of ${value.toFixed(3)}${train ? `, ${trainAuc.toFixed(3)} on training rows` : ''}. Chance gives up to ` +
    `${chance.toFixed(3)} on as many rows. ${remedy}`;
  return { kind: 'auc-at-half', task, auc: value, standardError, trainAuc, message };
}

/** An output that varies by a smaller share of its size is constant within the rounding of float32. */
const SAME = 1e-5;
/** An expert with less than this part of an equal share is of no use. */
const UNUSED = 0.01;
/** The gates of a task with a smaller normalized loss on the training rows may well have decided. */
const DECIDED = 0.5;
const PICKED = 0.99;

/** Only gates that read the rows are judged: constants may choose by design. To leave experts out may be right where tasks are learned. */
export function judgeLevel(
  level: number,
  { outputs, chooses }: Pick<FusionLevel, 'outputs' | 'chooses'>,
  { experts, units, weights }: GateUse,
  deviations: readonly number[],
  errorOf: (output: string) => number,
): Finding[] {
  const sees = chooses();
  const areLearned = outputs.every((output) => errorOf(output) < DECIDED);
  const dead = experts.flatMap((expert, e): Finding[] => {
    const share = Math.max(...outputs.map((output) => units[output]!.shares[e]!));
    const deviation = deviations[e]!;
    const place = `Expert ${expert} of level ${level}`;
    if (deviation < SAME) {
      const message =
        `${place} gives the same output for all rows: it is dead. ` +
        'Lower the learning rate, clip the gradients, or take an activation without a flat side (gelu, selu).';
      return [{ kind: 'dead-expert', level, expert, share, deviation, message }];
    }
    if (areLearned || !sees.some((row) => row[e]) || !(share < UNUSED / experts.length)) return [];
    const message =
      `${place} has at most ${share.toPrecision(2)} of the weights of any output: no gate uses it. ` +
      'Take fewer experts, or a gate that balances them (noisyTopKGate).';
    return [{ kind: 'dead-expert', level, expert, share, deviation, message }];
  });
  const picked = outputs.flatMap((output, u): Finding[] => {
    const gated = weights.gated[u]!.map(Math.abs);
    const share = Math.max(...gated) / sum(gated);
    if (errorOf(output) < DECIDED || sees[u]!.filter(Boolean).length < 2 || !(share >= PICKED)) return [];
    const expert = experts[gated.indexOf(Math.max(...gated))]!;
    const message =
      `The gate of ${output} at level ${level} always picks expert ${expert} (${share.toFixed(3)} of its weights). ` +
      'Lower the learning rate, or take a gate that explores (noisyTopKGate). If the scores are fine, so is the gate.';
    return [{ kind: 'one-expert', level, output, expert, share, message }];
  });
  return [...dead, ...picked];
}

/** With a gradient this many times shorter, a task has under 1% of the squared length of a step. */
const DROWNED = 10;
/** Gradients with a larger cosine pull alike, so the longer one serves both. */
const ALIKE = 0.5;

/** A task with a smaller normalized loss on the training rows has a short gradient because it is learned. */
const LEARNED = 0.3;

/** The task that drowns others has learned something. @param errors the normalized loss of each task on training rows */
export function judgeGradients(
  tasks: readonly string[],
  { lengths, cosines }: Pick<GradientRelations, 'lengths' | 'cosines'>,
  errors: readonly number[],
): Finding[] {
  const longest = lengths.indexOf(Math.max(...lengths));
  const by = tasks[longest]!;
  if (!(errors[longest]! < 1)) return [];
  return tasks.flatMap((task, t): Finding[] => {
    const ratio = lengths[longest]! / lengths[t]!;
    const cosine = cosines[longest]![t]!;
    if (!(ratio >= DROWNED && ratio < Infinity && cosine < ALIKE && errors[t]! >= LEARNED)) return [];
    const message =
      `The gradient of task ${by} is ${ratio.toFixed(0)} times as long as that of task ${task} in the shared parameters, ` +
      `which follow ${by} (cosine ${cosine.toFixed(2)}). Give ${task} a larger weight, or balance the tasks (balancing: gradNorm()).`;
    return [{ kind: 'drowned-task', task, by, ratio, cosine, message }];
  });
}
