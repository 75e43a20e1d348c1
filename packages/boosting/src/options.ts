import {
  fail,
  number,
  optional,
  readOptions,
  type FromDescription,
  type Read,
  type Written,
} from '@polytask/components';
import { boostingOptions } from './boosting-options.ts';
import { objectiveOptions } from './objectives/objectives.ts';

export const MAX_BIN = 255;

export const binCount = number({ whole: true, from: 2, to: MAX_BIN });

const trainingOptions = {
  ...boostingOptions,
  ...objectiveOptions,
  /** The most bins of a column, 2 to 255, next to one for missing values. */
  maxBin: optional(binCount, MAX_BIN),
  /** Seeds the choice of rows and columns. */
  seed: optional(number({ whole: true }), 0),
};

/** Options of a training. The names are those of LightGBM, and so are the defaults. */
export interface TrainingOptions extends Written<typeof trainingOptions>, FromDescription {}

export type Settings = Read<typeof trainingOptions>;

export function settingsOf(options: TrainingOptions): Settings {
  const settings = readOptions(options, trainingOptions, 'boost');
  const { objective, monotoneConstraints = {} } = settings;
  const outputs = typeof objective === 'object' ? objective.outputs : Number(objective === 'multiclass') + 1;
  if (outputs > 1 && Object.values(monotoneConstraints).some((each) => each !== 0))
    fail({
      expected: 'an objective with one score for monotoneConstraints',
      received: typeof objective === 'string' ? `"${objective}"` : `${outputs} outputs`,
      fix: 'Leave the constraint out.',
    });
  return settings;
}
