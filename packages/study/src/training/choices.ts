import { checkSpec, specText } from '@polytask/components';
import { checks, createSpec, fail, type FromDescription, type Written } from '@polytask/core';
import { type LearningRate, type OptimizerSpec, fitOptions } from '@polytask/training';
import { count, partial, someOf } from '../checks.ts';
import { formatCount, present } from '../format.ts';

const { custom, either, listOf, oneOf, optional, positive, share, text } = checks;

/** An optimizer without its learning rate. */
export type OptimizerChoice = Omit<OptimizerSpec, 'config'> & { readonly config: Readonly<Record<string, unknown>> };

const optimizer = custom<OptimizerChoice>(
  (value, where) => {
    const { kind, name } = checkSpec('optimizer', value, where);
    const { config = {} } = value as OptimizerChoice;
    if (!('learningRate' in config)) return { kind, name, config }; // without defaults: it is printed
    return fail({
      expected: `options of ${name} without its learning rate, which is a choice itself`,
      received: specText(name, config),
      fix: 'Leave it out here, and pass it as learningRate (--learning-rate).',
    });
  },
  { component: 'optimizer' },
);

/** A training. Every suite has a default for each choice that can't be left out. */
export const trainingDefaults = {
  /** The most epochs. */
  epochs: count,
  /** Rows per step. */
  batchSize: count,
  /** `find`: a range test before each training finds it, see `findLearningRate` of `@polytask/training`. */
  learningRate: either(oneOf('find'), positive),
  /** An optimizer without its learning rate: `{ kind: 'optimizer', name: 'adamw', config: { weightDecay: 0.05 } }`. Default: `adam`. */
  optimizer: optional(optimizer),
  /** A training stops after so many epochs without a better validation score. */
  patience: count,
  /** How the biases of the heads start. Default: `random`. */
  headStart: optional(oneOf('random', 'base-rate')),
  /** The learning rate over the epochs. `cosine` falls to 0 in `epochs` epochs. Default: `constant`. */
  schedule: optional(oneOf('constant', 'cosine')),
  /** At most so many training rows, at random. More rows have the same ones among them. Default: all. */
  trainingRows: optional(count),
  /**
   * The share of gradient boosting in the training labels of yes/no tasks, counts and numbers: see `softLabels` of `@polytask/training`.
   * Rows that bring their training are not taught. Default: 0, none.
   */
  teacher: optional(share),
  /**
   * The folder of a trained model that teaches in place of gradient boosting, with `{seed}` for the seed if each has its own. Needs files.
   * A trial has a hash of the model, or of those of all seeds. Default: none. Of a run with `teacher` left out, the share is .5.
   */
  teacherModel: optional(text),
  /**
   * Files of predictions that teach in place of gradient boosting, with `{seed}` for the seed: out of fold, of all rows that `splitDataset`
   * wrote. The mean of several files teaches. Needs files. A trial has a hash of them. Default: none. Of a run with `teacher` left out, the share is .5.
   */
  teacherPredictions: optional(listOf(text, 1)),
  /** The parameters to train, as `fit` has them: `['towers.*', 'heads.*']`. All others are frozen. Default: all. */
  trainable: fitOptions.trainable,
  /** Factors of the learning rate, as `fit` has them: `{ 'levels.0.*': 0.1 }`. Default: 1 for all. */
  rates: fitOptions.rates,
};

/** Each choice of a training. */
export const trainingOptions = partial(trainingDefaults);

/** How a suite trains. */
export interface TrainingDefaults extends Written<typeof trainingDefaults>, FromDescription {}

export const someTraining = someOf(trainingDefaults);

/** A missing choice is the suite's default. */
export interface TrainingChoices extends Written<typeof trainingOptions>, FromDescription {}

/** The choices among other options, without those that are undefined. */
export const trainingIn = (options: TrainingChoices): Partial<TrainingDefaults> => among(trainingOptions, options);

const among = <T>(names: object, values: object): T =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => name in names && value !== undefined)) as T;

const { batchSize, optimizer: withOptions, schedule, headStart, teacher } = trainingOptions;

/** The choices of a training that a search may try. Its epochs are those of the search. */
export const tunedOptions = {
  ...{ batchSize, optimizer: withOptions, schedule, headStart, teacher },
  learningRate: optional(positive),
};

export interface TunedTraining extends Written<typeof tunedOptions>, FromDescription {}

/** The choices of a training among hyper-parameters. */
export const tunedIn = (values: TunedTraining): TunedTraining => among(tunedOptions, values);

const ADAM: OptimizerChoice = { kind: 'optimizer', name: 'adam', config: {} };

/** A training as results have it, with its optimizer. */
export const trainingConfig = <T extends TrainingDefaults>(
  training: T,
): T & { readonly optimizer: OptimizerChoice } => ({ ...training, optimizer: training.optimizer ?? ADAM });

/** A sentence for each choice that isn't the usual one. */
export function trainingSentences(training: TrainingChoices): string[] {
  const { headStart: start, schedule: falls, trainingRows: rows, teacher: taught = 0, trainable, rates } = training;
  const { teacherModel, teacherPredictions } = training;
  const whose = teacherModel
    ? "a trained model's prediction"
    : `${teacherPredictions ? "another program's" : "gradient boosting's"} prediction, out of fold`;
  const factors = Object.entries(rates ?? {}).map(([pattern, factor]) => `${pattern}=${factor}`);
  return present([
    start === 'base-rate' && "The heads start at the tasks' base rates.",
    falls === 'cosine' && 'The rate falls to 0 along a cosine.',
    rows !== undefined && `At most ${formatCount(rows)} training rows, at random.`,
    taught !== 0 && `${taught} of each training label is ${whose}.`,
    trainable && `Only ${trainable.join(', ')} was trained, all else was frozen.`,
    rates && `Learning rates had these factors: ${factors.join(', ')}.`,
  ]);
}

/** The optimizer of a training, at a learning rate or a schedule. */
export const optimizerAt = (
  { optimizer: { name, config } = ADAM }: Pick<TrainingDefaults, 'optimizer'>,
  learningRate: LearningRate,
): OptimizerSpec => createSpec('optimizer', name, { ...config, learningRate }) as OptimizerSpec;
