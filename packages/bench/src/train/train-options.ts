import { anything, flag, optional, positive, share, text, wholeNumber } from '@polytask/components';
import { fail, type Option, type Options, readOptions, specNamed, type Written } from '@polytask/components';
import {
  type AutoOptions,
  BASELINE,
  createSuite,
  type ModelReference,
  models as rows,
  type Suite,
  type SuiteChoices,
  suiteChoices,
  type SuiteLoader,
  type TrainingChoices,
  trainingIn,
  trainingOptions,
} from '@polytask/study';
import { type EngineOptions, engineOptions, type RunOptions } from '../run-options.ts';
import { type CalibrationChoices, calibrationOptions } from './calibration-choices.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { withTeachers } from '../teacher.ts';

const commonOptions = {
  /** The seed of the split, the initial weights and the order of the batches. Default: 1. */
  seed: optional(wholeNumber()),
  /** The folder of the model. The same training goes on there, or is there already. Default: the model is not written. */
  out: optional(text),
  /** Whether to replace an earlier training in `out`. Default: false, which goes on from an interrupted one, and refuses another model. */
  force: optional(flag),
};

interface CommonOptions
  extends
    EngineOptions,
    TrainingChoices,
    CalibrationChoices,
    Pick<RunOptions, 'boosting' | 'limitRows' | 'size' | 'signal'>,
    Written<typeof commonOptions> {}

const common: Options<CommonOptions> = {
  ...trainingOptions,
  ...engineOptions,
  ...commonOptions,
  ...calibrationOptions,
  signal: anything,
  boosting: suiteChoices.boosting,
  limitRows: suiteChoices.limitRows,
  size: suiteChoices.size,
};

const ownOptions = {
  /** The name of a model, with options: `adatt(residual=false)`. Or a row of your own. Default: `adatt`. */
  model: optional(anything as Option<ModelReference>),
  /** The name of a balancer, with options: `gradnorm(alpha=0.5)`. Default: the plain sum of the losses. */
  balancer: optional(text),
  /** The name of the experts, with options: `mlp(activation=gelu)`. Default: those of the model. */
  expert: optional(text),
  /** The name of the gates, with options. Default: those of the model. */
  gate: optional(text),
  /**
   * The folder of a trained model, whose training continues on these rows. The rows may have new values of ids and categories, and new tasks. The model has
   * its architecture: `model`, `expert`, `gate` and `size` don't go with it.
   */
  from: optional(text),
  /**
   * With `from` and a model of boosted trees: keeps the splits and moves the leaves to the new rows. Each leaf keeps so much of its value, from 0 to 1:
   * 0.9 in LightGBM. Default: more trees.
   */
  refitDecayRate: optional(share),
  /** With `from`: whether a new model is trained on the same rows, for the comparison. Default: true. */
  scratch: optional(flag),
  /** With `from`: a data set whose test rows are old rows, or a file of old rows. The old model and the new one are compared on them. */
  oldData: optional(text),
};

/** The options of `train`. The data has a default for each missing choice. */
export interface TrainOptions extends CommonOptions, Written<typeof ownOptions> {}

const searchOptions = {
  /** The time for search and training. Default: 10. */
  minutes: optional(positive),
  /**
   * The models to choose from. `single-task` is always among them, and so is gradient boosting unless `boosting` is false. Default: those
   * that `polytask bench` compares.
   */
  models: optional(suiteChoices.models as Option<readonly ModelReference[]>),
  /** How many processes train configurations. Default: 0, which trains them in this process. */
  workers: optional(wholeNumber()),
};

/** The options of `autoTrain`. */
export interface AutoTrainOptions
  extends CommonOptions, Pick<AutoOptions, 'members' | 'retries' | 'search'>, Written<typeof searchOptions> {}

const autoOptions: Options<AutoTrainOptions> = {
  ...common,
  ...searchOptions,
  members: optional(wholeNumber(1)),
  search: optional(text),
  retries: optional(wholeNumber()),
};

/**
 * The suite of one training, with one seed: the model with its choices, and then gradient boosting, unless that is switched off.
 *
 * @param load finds the data. Default: by name or file
 */
export async function trainSuite(data: string, options: TrainOptions, load?: SuiteLoader): Promise<Suite> {
  readOptions(options, { ...common, ...ownOptions }, 'train');
  const { model = 'adatt', balancer, expert, gate } = options;
  const choices = {
    models: [model],
    ...(balancer !== undefined && { balancers: [balancer] }),
    ...(expert !== undefined && { experts: [expert] }),
    ...(gate !== undefined && { gates: [gate] }),
  };
  const suite = await oneSetting(data, options, choices, load);
  const trees = suite.models.filter(({ entry }) => entry.trainsItself);
  const networks = suite.models.filter((each) => !trees.includes(each));
  const chosen = networks.at(-1) ?? trees[0]!; // controls come first: the model with its own parts, and the plain sum
  if (chosen.tunedFrom !== undefined)
    fail({
      expected: 'a balancer that needs no search',
      received: `"${balancer}"`,
      fix: 'Pass --model auto, which tries task weights; in a program, autoTrain.',
    });
  return { ...suite, models: [...new Set([chosen, ...trees])] };
}

/** The suite of a search: all models to choose from, and one seed. */
export async function autoSuite(data: string, options: AutoTrainOptions): Promise<Suite> {
  readOptions(options, autoOptions, 'autoTrain');
  if (options.search !== undefined) specNamed('search', options.search); // before anything is read or trained
  const compared = rows().filter(({ onlyNamed }) => !onlyNamed);
  const { models = compared.map(({ name }) => name), boosting = true } = options;
  const trees = rows().filter(({ trainsItself }) => boosting && trainsItself);
  const quick = [BASELINE, ...trees.map(({ name }) => name)];
  return oneSetting(data, options, { models: [...new Set([...quick, ...models])], boosting: false });
}

async function oneSetting(
  data: string,
  options: CommonOptions,
  choices: SuiteChoices = {},
  load: SuiteLoader = suiteLoader(options.access),
): Promise<Suite> {
  const { seed = 1, limitRows, size, boosting } = options;
  const suite = await createSuite(
    { suite: data, seeds: [seed], ...trainingIn(options), limitRows, size, boosting, ...choices },
    load,
  );
  if (suite.settings.length === 1) return withTeachers({ ...suite, searchSeed: seed });
  return fail({
    expected: 'data with one setting to train on',
    received: `${suite.name} with ${suite.settings.length}`,
    fix: 'Pass the JSON file of a data set: polytask describe writes one.',
  });
}
