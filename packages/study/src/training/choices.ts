import { choose, recordOf } from '@polytask/components';
import { type Option, checks, componentsOf, createSpec, fail, type HeadStart, type Options } from '@polytask/core';
import {
  adagrad,
  adam,
  adamW,
  cosine,
  lazyAdam,
  type LearningRate,
  type OptimizerSpec,
  rowWiseAdagrad,
  sgd,
} from '@polytask/training';
import { count, positive } from '../checks.ts';
import { formatCount } from '../format.ts';

/** How a suite trains. */
export interface TrainingDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  /** `find`: a range test before each training finds it, see `findLearningRate` of `@polytask/training`. */
  readonly learningRate: number | 'find';
  /** A training stops after so many epochs without a better validation score. */
  readonly patience: number;
  /** How the biases of the heads start. Default: `random`. */
  readonly headStart?: HeadStart | undefined;
  /** The name of an optimizer, with options but the learning rate: `adamW(weightDecay=0.05)`. Default: `adam`. */
  readonly optimizer?: string | undefined;
  /** The learning rate over the epochs. `cosine` falls to 0 in `epochs` epochs. Default: `constant`. */
  readonly schedule?: 'constant' | 'cosine' | undefined;
  /** At most so many training rows, at random. More rows have the same ones among them. Default: all. */
  readonly trainingRows?: number | undefined;
  /**
   * The share of gradient boosting in the training labels of yes/no tasks, counts and numbers: see `softLabels` of `@polytask/training`.
   * Rows that bring their training are not taught. Default: 0, none.
   */
  readonly teacher?: number | undefined;
  /**
   * The folder of a trained model that teaches in place of gradient boosting, with `{seed}` for the seed if each has its own. Needs files.
   * Default: none. Of a run with `teacher` left out, the share is .5.
   */
  readonly teacherModel?: string | undefined;
  /** The parameters to train, as `fit` has them, with commas between: `towers.*,heads.*`. All others are frozen. Default: all. */
  readonly trainable?: string | undefined;
  /** Factors of the learning rate, as `fit` has them: `levels.0.*=0.1,input.*=0.01`. Default: 1 for all. */
  readonly rates?: string | undefined;
}

/** A missing choice is the suite's default. */
export type TrainingChoices = { readonly [K in keyof TrainingDefaults]?: TrainingDefaults[K] | undefined };

/** A choice of a training: the check of its value, and its option on a command line. */
interface TrainingChoice {
  readonly check: Option;
  readonly flag: string;
  readonly description: string;
  /** A sentence for reports where the choice isn't the usual one. */
  readonly says?: (value: unknown, training: Readonly<Record<string, unknown>>) => string | undefined;
}

/** Each choice of a training. A new one is a row here and a property of {@link TrainingDefaults}. */
export const trainingChoices: Readonly<Record<keyof TrainingDefaults, TrainingChoice>> = {
  epochs: { check: count, flag: '--epochs <n>', description: 'the most epochs' },
  batchSize: { check: count, flag: '--batch-size <n>', description: 'rows per step' },
  patience: { check: count, flag: '--patience <n>', description: 'epochs without a better validation score' },
  learningRate: {
    check: checks.either(checks.oneOf('find'), positive),
    flag: '--learning-rate <x>',
    description: "Adam's; find: by a range test before each training",
  },
  headStart: {
    check: checks.oneOf('random', 'base-rate'),
    flag: '--head-start <how>',
    description: "random, or base-rate: heads begin at the tasks' base rates",
    says: (start) => (start === 'base-rate' ? "The heads start at the tasks' base rates." : undefined),
  },
  optimizer: {
    check: checks.custom((value) => void optimizerSpec(value as string, 1)),
    flag: '--optimizer <name>',
    description: 'with options: adamw(weightDecay=0.05)',
  },
  schedule: {
    check: checks.oneOf('constant', 'cosine'),
    flag: '--schedule <name>',
    description: 'of the learning rate: constant, or cosine, which falls to 0',
    says: (schedule) => (schedule === 'cosine' ? 'The rate falls to 0 along a cosine.' : undefined),
  },
  trainingRows: {
    check: count,
    flag: '--training-rows <n>',
    description: 'train on a random sample of at most n rows: would more rows help?',
    says: (rows) =>
      rows === undefined ? undefined : `At most ${formatCount(rows as number)} training rows, at random.`,
  },
  teacher: {
    check: checks.share,
    flag: '--teacher <share>',
    description: 'the share of gradient boosting, out of fold, in the training labels',
    says: (share, { teacherModel }) => {
      if (share === undefined || share === 0) return undefined;
      const whose =
        teacherModel === undefined ? "gradient boosting's prediction, out of fold" : "a trained model's prediction";
      return `${String(share)} of each training label is ${whose}.`;
    },
  },
  teacherModel: {
    check: checks.text,
    flag: '--teacher-model <folder>',
    description: 'a trained model that teaches in place of boosting; {seed} is the seed',
  },
  trainable: {
    check: checks.custom((value) => void partsToTrain({ trainable: value as string })),
    flag: '--trainable <patterns>',
    description: 'the parameters to train, the others are frozen: towers.*,heads.*',
    says: (patterns) =>
      patterns === undefined ? undefined : `Only ${String(patterns)} was trained, all else was frozen.`,
  },
  rates: {
    check: checks.custom((value) => void partsToTrain({ rates: value as string })),
    flag: '--rates <factors>',
    description: 'of the learning rate, by parameters: levels.0.*=0.1,input.*=0.01',
    says: (rates) => (rates === undefined ? undefined : `Learning rates had these factors: ${String(rates)}.`),
  },
};

/**
 * The options of `fit` for the parts of a model.
 *
 * @throws PolytaskError for a text that isn't a list, and a factor that isn't above 0
 * @example partsToTrain({ rates: 'levels.0.*=0.1' }) // { rates: { 'levels.0.*': 0.1 } }
 */
export function partsToTrain({ trainable, rates }: Pick<TrainingChoices, 'trainable' | 'rates'>): {
  readonly trainable?: readonly string[];
  readonly rates?: Readonly<Record<string, number>>;
} {
  const of = (text: string, option: string, example: string): string[] => {
    const parts = typeof text === 'string' ? text.split(',').map((part) => part.trim()) : [];
    if (parts.length > 0 && parts.every((part) => part !== '')) return parts;
    return fail({
      expected: `patterns for ${option}, with commas between`,
      received: JSON.stringify(text),
      fix: `Pass ${example}.`,
    });
  };
  const factor = (text: string): [string, number] => {
    const [, pattern, value] = /^(.+)=([^=]+)$/.exec(text) ?? [];
    if (pattern !== undefined && Number(value) > 0 && Number.isFinite(Number(value)))
      return [pattern.trim(), Number(value)];
    return fail({
      expected: 'a pattern and a factor above 0 for rates',
      received: JSON.stringify(text),
      fix: 'Pass levels.0.*=0.1, say. To freeze parameters, pass trainable.',
    });
  };
  return {
    ...(trainable !== undefined && { trainable: of(trainable, 'trainable', 'towers.*,heads.*') }),
    ...(rates !== undefined && { rates: Object.fromEntries(of(rates, 'rates', 'levels.0.*=0.1').map(factor)) }),
  };
}

const names = Object.keys(trainingChoices) as (keyof TrainingDefaults)[];

/** The checks of the choices, for core's `readOptions`. */
export const trainingOptions = Object.fromEntries(
  names.map((name) => [name, checks.optional(trainingChoices[name].check)]),
) as unknown as Options<TrainingChoices>;

/** The choices among other options, without those that are undefined. */
export const trainingIn = (options: TrainingChoices): Partial<TrainingDefaults> =>
  Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));

/** The choices of a training that a search may try. Its epochs are those of the search. */
const TUNED = ['learningRate', 'batchSize', 'optimizer', 'schedule', 'headStart', 'teacher'] as const;

export type TunedTraining = Omit<Pick<TrainingChoices, (typeof TUNED)[number]>, 'learningRate'> & {
  readonly learningRate?: number | undefined;
};

export const tunedOptions = {
  ...recordOf(TUNED, (name) => trainingOptions[name]),
  learningRate: checks.optional(positive),
} as Options<TunedTraining>;

/** The choices of a training among hyper-parameters. */
export const tunedIn = (values: TunedTraining): TunedTraining =>
  Object.fromEntries(TUNED.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

/** A training as results have it: the optimizer is its canonical text. */
export const trainingConfig = <T extends TrainingDefaults>(training: T): T & { readonly optimizer: string } => ({
  ...training,
  optimizer: optimizerChoice(training.optimizer ?? 'adam').label,
});

/** A sentence for each choice that isn't the usual one. */
export const trainingSentences = (training: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(trainingChoices).flatMap(([name, { says }]) => says?.(training[name], training) ?? []);

/**
 * The optimizer of a training.
 *
 * @param rate a factor of the learning rate
 * @throws PolytaskError for an unknown name, and for options that don't fit
 */
export function optimizerFor(
  { optimizer, learningRate, schedule, epochs }: OptimizerChoices & { readonly learningRate: number },
  rate: number,
): OptimizerSpec {
  const highest = rate * learningRate;
  return optimizerAt({ optimizer }, schedule === 'cosine' ? cosine(highest, { epochs }) : highest);
}

type OptimizerChoices = Pick<TrainingDefaults, 'optimizer' | 'schedule' | 'epochs'>;

/** The optimizer of a training, at a learning rate or a schedule. */
export const optimizerAt = (
  { optimizer = 'adam' }: Pick<TrainingDefaults, 'optimizer'>,
  rate: LearningRate,
): OptimizerSpec => optimizerSpec(optimizer, rate);

/** The optimizers of `@polytask/training`, which a page has because they are here. */
const OPTIMIZERS = { adam, adamw: adamW, 'lazy-adam': lazyAdam, sgd, adagrad, 'row-wise-adagrad': rowWiseAdagrad };

const optimizerChoice = (text: string) =>
  choose(
    componentsOf('optimizer').map((each) => ({ description: '', ...each })),
    text,
    'optimizer',
  );

function optimizerSpec(text: string, learningRate: LearningRate): OptimizerSpec {
  const {
    entry: { name },
    options,
  } = optimizerChoice(text);
  if ('learningRate' in options)
    fail({
      expected: `options of ${name} without its learning rate, which is a choice itself`,
      received: text,
      fix: 'Leave it out here, and pass it as learningRate (--learning-rate).',
    });
  const own = OPTIMIZERS[name as keyof typeof OPTIMIZERS];
  if (own) return own(learningRate, options as never);
  return createSpec('optimizer', name, { ...options, learningRate }) as OptimizerSpec;
}
