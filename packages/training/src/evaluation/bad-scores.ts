import {
  type Advice,
  commandLine,
  defineFinding,
  type Finding,
  mapValues,
  type ModelFamily,
  type Remedy,
} from '@polytask/components';
import { isLog, predictionTypeOf, type Task } from '@polytask/core';

const FIND_RATE = { learningRate: 'find' };

/** The folder of a saved model, and the file of the rows that it predicts. */
export interface ModelRows {
  readonly model: string;
  readonly file: string;
}

/** What findings need to know about a model for their remedies. */
export interface JudgedModel {
  readonly family?: ModelFamily | undefined;
  /** Where the model and the rows are, for commands. Undefined if they aren't files. */
  readonly rows?: ModelRows | undefined;
}

/** What shows whether rows are unlike those of the training. */
export const compareRows = ({ model, file }: ModelRows, says: string): Advice => ({
  says,
  command: commandLine('polytask', 'drift', model, file),
});

/** What to do about bad predictions. Here stands all such advice that differs by what trains the model. */
const REMEDIES = {
  gradients: {
    dead: {
      says: 'Its part of the network is dead or saturated: lower the learning rate (findLearningRate suggests one), or clip the gradients.',
      train: FIND_RATE,
    },
    deadClasses: undefined,
    untrained: {
      says: 'It has hardly been trained: raise the learning rate (findLearningRate suggests one), or train longer.',
      train: FIND_RATE,
    },
    overfits: { says: 'stop early, use a smaller model, dropout or more rows.' },
    learnsNothing: { says: 'look for a learning rate (findLearningRate), then at the features.', train: FIND_RATE },
    byHeart: { says: 'use fewer parameters, dropout, weight decay or more rows.' },
    biased: 'Train longer',
  },
  trees: {
    dead: 'No split makes its loss on the validation rows smaller: allow smaller leaves (minDataInLeaf), or look at the features.',
    deadClasses: {
      says: 'No split makes its loss on the validation rows smaller: train with lambdaL2=1 if some classes are rare, or look at the features.',
      train: { model: 'gradient-boosting(lambdaL2=1)' },
    },
    untrained: 'It has few trees: look at the features, or raise earlyStoppingRounds.',
    overfits: { says: 'use fewer leaves (numLeaves), a smaller learningRate or more rows.' },
    learnsNothing: { says: 'look at the features.' },
    byHeart: { says: 'use fewer leaves (numLeaves), larger ones (minDataInLeaf) or more rows.' },
    biased: 'Allow more trees (numIterations)',
  },
} satisfies Readonly<Record<ModelFamily, object>>;

/** A remedy for each family. */
export const remedies = <Seen>(choose: (own: Own, seen: Seen) => Advice | undefined) =>
  mapValues(REMEDIES, (own) => (seen: Seen) => choose(own, seen));

type Own = (typeof REMEDIES)[ModelFamily];

/** Advice after the sentence that it follows from. */
export const after = (sentence: string, { says, ...proposed }: { readonly says: string } & Remedy): Advice => ({
  says: `${sentence} ${says}`,
  ...proposed,
});

/** What to do where nobody knows how good the model is on its training rows. */
export const unknown = ({ learnsNothing, overfits }: Own, rows: ModelRows | undefined): Advice =>
  rows
    ? compareRows(rows, 'It learned nothing, it overfits, or these rows are unlike those of the training. Compare them')
    : after(
        `Diagnose it on training rows, too. If it is not bad there, it overfits, or these rows are unlike those of the training: ${overfits.says}`,
        { ...learnsNothing, says: `If it is bad there as well, it learns nothing: ${learnsNothing.says}` },
      );

interface Worse {
  readonly normalizedLoss: number;
  /** The normalized loss on the training rows. Undefined if it isn't known. */
  readonly trainError: number | undefined;
  /** The best constant prediction, and the normalized loss, in the words of the task: `base rate`, `NE 1.02`. */
  readonly constant: string;
  readonly error: string;
  readonly rows: ModelRows | undefined;
}

const shown = (normalizedLoss: number): string => normalizedLoss.toPrecision(3);

const worse = /* @__PURE__ */ defineFinding<'task', Worse>('worse-than-constant', {
  says: ({ task, part, constant, error, normalizedLoss }) =>
    `Task ${task}: ${shown(normalizedLoss) === '1.00' ? 'no better than predicting the' : 'worse than predicting the'} ${constant} (${error}${part === 'validation' ? ' on the validation rows' : ''}).`,
  remedy: /* @__PURE__ */ remedies((own, { trainError, rows }: Worse) => {
    if (trainError === undefined) return unknown(own, rows);
    return trainError < 1
      ? after(
          `It is ${trainError.toFixed(3)} on training rows, so it overfits, or these rows are unlike the training rows. If it overfits,`,
          own.overfits,
        )
      : after('It is no better on training rows, so the model learns nothing:', own.learnsNothing);
  }),
});

/** @param trainError the normalized loss on the training rows, if it is known */
export function worseThanConstant(
  about: { readonly task: string; readonly part?: string },
  task: Task,
  normalizedLoss: number,
  trainError?: number,
  { family, rows }: JudgedModel = {},
): Finding[] {
  if (!(normalizedLoss >= 1)) return [];
  const { name, error } = predictionTypeOf(task).constant;
  const words = isLog(task)
    ? { constant: 'mean logarithm', error: `RMSLE ${shown(normalizedLoss)} times the deviation of the logarithms` }
    : { constant: name, error: error(shown(normalizedLoss)) };
  return [worse(about, { normalizedLoss, trainError, rows, ...words }, family)];
}

/** A part of the rows has no label of a task, or one class alone. */
export const undefinedScore = /* @__PURE__ */ defineFinding<'task' | 'part'>('undefined-score', {
  says: ({ task, part }) =>
    `Task ${task} has no label, or one class alone, among the ${part} rows: it has no scores there` +
    `${part === 'validation' ? ', and early stopping that waits for them picks no epoch' : ''}.`,
});
