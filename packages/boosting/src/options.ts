import {
  notNegative,
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

const sharedOptions = {
  ...boostingOptions,
  /** The most bins of a column, 2 to 255, next to one for missing values. */
  maxBin: optional(binCount, MAX_BIN),
  /** Seeds the choice of rows and columns. */
  seed: optional(number({ whole: true }), 0),
};

const trainingOptions = { ...sharedOptions, ...objectiveOptions };

const taskOptions = {
  ...objectiveOptions,
  /** How much the gain of this task counts when a split is chosen. It changes no leaf. */
  gainWeight: optional(notNegative, 1),
};

/** Options of a training. The names are those of LightGBM, and so are the defaults. */
export interface TrainingOptions extends Written<typeof trainingOptions>, FromDescription {}

/** Options of a training of several tasks. The names are those of LightGBM. */
export interface SharedTrainingOptions extends Written<typeof sharedOptions>, FromDescription {}

/** Options of one of several tasks. */
export interface SharedTaskOptions extends Written<typeof taskOptions>, FromDescription {}

export type SharedSettings = Read<typeof sharedOptions>;

export const settingsOf = (options: TrainingOptions): Read<typeof trainingOptions> =>
  readOptions(options, trainingOptions, 'boost');

export const sharedSettingsOf = (options: SharedTrainingOptions): SharedSettings =>
  readOptions(options, sharedOptions, 'boostTogether');

export const taskSettingsOf = (options: SharedTaskOptions, name: string): Read<typeof taskOptions> =>
  readOptions(options, taskOptions, `boostTogether.tasks.${name}`);
