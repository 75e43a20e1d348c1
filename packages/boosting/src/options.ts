import { checkOptions, fail, number, oneOf, optional, wholeNumber, type Options } from '@polytask/components';
import { boostingOptions, type BoostingOptions } from './boosting-options.ts';
import { OBJECTIVES, type ObjectiveName } from './objectives.ts';

/** Options of a training. The names are those of LightGBM, and so are the defaults. */
export interface TrainingOptions extends BoostingOptions {
  /** The loss. `poisson` is for counts. */
  readonly objective: ObjectiveName;
  /** The number of classes of `multiclass`. Default: one more than the largest label. */
  readonly numClass?: number;
  /** The most bins of a column, 2 to 255, next to one for missing values. Default 255. */
  readonly maxBin?: number;
}

/** Options with defaults. `numClass` has none: it depends on the labels. */
export type Settings = Required<Omit<TrainingOptions, 'numClass'>> & Pick<TrainingOptions, 'numClass'>;

/** The default of `maxBin`. */
export const MAX_BIN = 255;

const DEFAULTS: Omit<Settings, 'objective'> = {
  numIterations: 100,
  learningRate: 0.1,
  maxBin: MAX_BIN,
  earlyStoppingRounds: 10,
  numLeaves: 31,
  maxDepth: Infinity,
  minDataInLeaf: 20,
  minSumHessianInLeaf: 1e-3,
  minGainToSplit: 0,
  lambdaL2: 0,
  maxCatToOnehot: 4,
  catSmooth: 10,
  catL2: 10,
  maxCatThreshold: 32,
  minDataPerGroup: 100,
};

/** Checks `maxBin`. */
export const binCount = number(
  `a whole number from 2 to ${MAX_BIN}`,
  (bins) => Number.isInteger(bins) && bins >= 2 && bins <= MAX_BIN,
);

const CHECKS: Options<TrainingOptions> = {
  ...boostingOptions,
  objective: oneOf(...(Object.keys(OBJECTIVES) as ObjectiveName[])),
  numClass: optional(wholeNumber(2)),
  maxBin: optional(binCount),
};

/** Checks options and fills in the defaults. @throws PolytaskError for an unknown option, or a value that doesn't fit */
export function settingsOf(options: TrainingOptions): Settings {
  checkOptions(options, CHECKS, 'boost');
  if (options.numClass !== undefined && options.objective !== 'multiclass')
    fail({
      expected: 'numClass with the objective "multiclass" only',
      received: `"${options.objective}"`,
      fix: 'Leave numClass out.',
    });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...(given as unknown as TrainingOptions) };
}
