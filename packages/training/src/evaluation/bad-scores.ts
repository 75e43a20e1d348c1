import { type Advice, defineFinding, type Finding, mapValues, type ModelFamily } from '@polytask/components';
import { isLog, predictionTypeOf, type Task } from '@polytask/core';

const UNKNOWN = 'Diagnose it on training rows, too. If it is bad there as well, ';
const UNLIKE = 'Otherwise it overfits, or these rows are unlike those of the training: ';

/** What to do about bad predictions. Here stands all such advice that differs by what trains the model. */
const REMEDIES = {
  gradients: {
    dead: {
      says: 'Its part of the network is dead or saturated: lower the learning rate (findLearningRate suggests one), or clip the gradients.',
      train: { learningRate: 'find' },
    },
    deadClasses: undefined,
    untrained: {
      says: 'It has hardly been trained: raise the learning rate (findLearningRate suggests one), or train longer.',
      train: { learningRate: 'find' },
    },
    overfits: 'stop early, use a smaller model, dropout or more rows.',
    learnsNothing: 'look for a learning rate (findLearningRate), then at the features.',
    byHeart: 'use fewer parameters, dropout, weight decay or more rows.',
    unknown: `${UNKNOWN}it learns nothing: look for a learning rate, then at the features. ${UNLIKE}stop early, use a smaller model or more rows.`,
    biased: 'Train longer, or look whether these rows are unlike the training rows.',
  },
  trees: {
    dead: 'No split makes its loss on the validation rows smaller: allow smaller leaves (minDataInLeaf), or look at the features.',
    deadClasses: {
      says: 'No split makes its loss on the validation rows smaller: train with lambdaL2=1 if some classes are rare, or look at the features.',
      train: { model: 'gradient-boosting(lambdaL2=1)' },
    },
    untrained: 'It has few trees: look at the features, or raise earlyStoppingRounds.',
    overfits: 'use fewer leaves (numLeaves), a smaller learningRate or more rows.',
    learnsNothing: 'look at the features.',
    byHeart: 'use fewer leaves (numLeaves), larger ones (minDataInLeaf) or more rows.',
    unknown: `${UNKNOWN}it learns nothing: look at the features. ${UNLIKE}use fewer leaves or more rows.`,
    biased: 'Allow more trees (numIterations), or look whether these rows are unlike the training rows.',
  },
} satisfies Readonly<Record<ModelFamily, object>>;

/** A remedy for each family. */
export const remedies = <Seen>(choose: (own: (typeof REMEDIES)[ModelFamily], seen: Seen) => Advice | undefined) =>
  mapValues(REMEDIES, (own) => (seen: Seen) => choose(own, seen));

interface Worse {
  readonly normalizedLoss: number;
  /** The normalized loss on the training rows. Undefined if it isn't known. */
  readonly trainError: number | undefined;
  /** The best constant prediction, and the normalized loss, in the words of the task: `base rate`, `NE 1.02`. */
  readonly constant: string;
  readonly error: string;
}

const worse = /* @__PURE__ */ defineFinding<'task', Worse>('worse-than-constant', {
  says: ({ task, part, constant, error }) =>
    `Task ${task}: worse than predicting the ${constant} (${error}${part === 'validation' ? ' on the validation rows' : ''}).`,
  remedy: /* @__PURE__ */ remedies((own, { trainError }: Worse) => {
    if (trainError === undefined) return own.unknown;
    return trainError < 1
      ? `It is ${trainError.toFixed(3)} on training rows, so it overfits, or these rows are unlike the training rows. If it overfits, ${own.overfits}`
      : `It is no better on training rows, so the model learns nothing: ${own.learnsNothing}`;
  }),
});

/** @param trainError the normalized loss on the training rows, if it is known */
export function worseThanConstant(
  about: { readonly task: string; readonly part?: string },
  task: Task,
  normalizedLoss: number,
  trainError?: number,
  family?: ModelFamily,
): Finding[] {
  if (!(normalizedLoss >= 1)) return [];
  const shown = normalizedLoss.toPrecision(3);
  const { name, error } = predictionTypeOf(task).constant;
  const words = isLog(task)
    ? { constant: 'mean logarithm', error: `RMSLE ${shown} times the deviation of the logarithms` }
    : { constant: name, error: error(shown) };
  return [worse(about, { normalizedLoss, trainError, ...words }, family)];
}

/** A part of the rows has no label of a task, or one class alone. */
export const undefinedScore = /* @__PURE__ */ defineFinding<'task' | 'part'>('undefined-score', {
  says: ({ task, part }) =>
    `Task ${task} has no label, or one class alone, among the ${part} rows: it has no scores there` +
    `${part === 'validation' ? ', and early stopping that waits for them picks no epoch' : ''}.`,
});
