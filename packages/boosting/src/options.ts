import {
  fail,
  number,
  oneOf,
  optional,
  readOptions,
  wholeNumber,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { boostingOptions } from './boosting-options.ts';
import { OBJECTIVES, type ObjectiveName } from './objectives.ts';

export const MAX_BIN = 255;

export const binCount = number({ whole: true, from: 2, to: MAX_BIN });

const trainingOptions = {
  ...boostingOptions,
  /** The loss. `poisson` is for counts. */
  objective: oneOf(...(Object.keys(OBJECTIVES) as ObjectiveName[])),
  /** The number of classes of `multiclass`. Without it, one more than the largest label. */
  numClass: optional(wholeNumber(2)),
  /** The most bins of a column, 2 to 255, next to one for missing values. */
  maxBin: optional(binCount, MAX_BIN),
};

/** Options of a training. The names are those of LightGBM, and so are the defaults. */
export interface TrainingOptions extends Written<typeof trainingOptions>, FromDescription {}

export type Settings = Read<typeof trainingOptions>;

export function settingsOf(options: TrainingOptions): Settings {
  const settings = readOptions(options, trainingOptions, 'boost');
  if (settings.numClass !== undefined && settings.objective !== 'multiclass')
    fail({
      expected: 'numClass with the objective "multiclass" only',
      received: `"${settings.objective}"`,
      fix: 'Leave numClass out.',
    });
  if (
    settings.objective === 'multiclass' &&
    Object.values(settings.monotoneConstraints ?? {}).some((each) => each !== 0)
  )
    fail({
      expected: 'an objective with one score for monotoneConstraints',
      received: '"multiclass"',
      fix: 'Leave the constraint out.',
    });
  return settings;
}
