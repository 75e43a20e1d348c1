import { checks, type Options } from '@polytask/core';
import { inspect, syntheticTasks, type SyntheticOptions } from '@polytask/data';
import type { ModelEntry } from '../models/model-variant.ts';
import type { SuiteDeclaration } from './declaration.ts';
import type { SuiteEntry } from './suite-entry.ts';

/** The tasks unless a declaration changes them. */
const DEFAULT_TASKS = {
  tasks: 3,
  kind: 'binary' as const,
  dimension: 32,
  correlation: 0.8,
  conflict: 0.1,
  noise: 0.1,
  seed: 1,
};
const ROWS = { train: 8000, validation: 2000, test: 8000 };

const { either, listOf, notNegative, number, optional, share, wholeNumber } = checks;
const rate = number({ above: 0, to: 1 });
const correlation = number({ from: -1, to: 1 });

/** The settings that a declaration may change. */
interface SyntheticData extends Pick<SyntheticOptions, 'dimension' | 'conflict' | 'noise'> {
  readonly tasks?: number;
  readonly correlation?: number | readonly (readonly number[])[];
  /** The share of training and validation rows with a label: one number, or one for each task. Test rows have all labels. */
  readonly labelRate?: number | readonly number[];
  /** How many training rows. */
  readonly rows?: number;
  /** The seed of the tasks. A trial's seed draws the rows. */
  readonly seed?: number;
}

const options: Options<SyntheticData> = {
  tasks: optional(wholeNumber(1)),
  dimension: optional(wholeNumber(4)),
  correlation: optional(either(correlation, listOf(listOf(correlation)))),
  conflict: optional(share),
  noise: optional(notNegative),
  labelRate: optional(either(rate, listOf(rate, 1))),
  rows: optional(wholeNumber(1)),
  seed: optional(wholeNumber()),
};

/** Synthetic tasks. All seeds have the same tasks; each seed draws its own rows. */
export const synthetic: SuiteEntry = {
  name: 'synthetic',
  description:
    `${DEFAULT_TASKS.tasks} binary tasks of correlation ${DEFAULT_TASKS.correlation} ` +
    `that conflict in ${DEFAULT_TASKS.conflict * 100}% of the input space; made on the spot`,
  paper: 'after Ma et al., KDD 2018, section 3.2',
  needsDirectory: false,
  hasKnownRows: true,
  defaults: {
    seeds: [1, 2, 3, 4, 5],
    epochs: 20,
    batchSize: 256,
    learningRate: 5e-3,
    patience: 3,
    size: { levels: [32, 16], experts: 6, tower: [8], embedding: 8 },
  },
  data: options,
  async open({ limitRows = Infinity, data = {} }) {
    const { rows: trainingRows = ROWS.train, ...changes } = data as SyntheticData;
    const settings = { ...DEFAULT_TASKS, ...changes };
    const rows = {
      train: Math.min(trainingRows, limitRows),
      validation: Math.min(ROWS.validation, limitRows),
      test: Math.min(ROWS.test, limitRows),
    };
    const generator = syntheticTasks(settings);
    const labeled = syntheticTasks({ ...settings, labelRate: 1 }); // the same rows with all labels, for testing
    return {
      tasks: generator.schema.tasks,
      config: { set: 'synthetic', ...settings, rows },
      wholeRows: { ...ROWS, train: trainingRows },
      notes: () =>
        inspect({
          train: generator.sample(rows.train, 3),
          validation: generator.sample(rows.validation, 4),
          test: labeled.sample(rows.test, 5),
        }),
      trial: (seed) => ({
        train: generator.sample(rows.train, 3 * seed),
        validation: generator.sample(rows.validation, 3 * seed + 1),
        test: () => labeled.sample(rows.test, 3 * seed + 2),
      }),
    };
  },
};

/** The data of the variant `alike`. Each other variant changes one number of it. */
const ALIKE = { correlation: 0.9, conflict: 0, rows: 8000 };

/** A control that shares nothing and has a tenth more parameters than shared-bottom. Its gain comes from its size. */
const NARROW: ModelEntry = { model: 'single-task', as: 'single-task, narrow', size: { levels: [16, 8] } };

/**
 * Five kinds of data, with a table for each. In `alike` the tasks have much in common and many labels. Each other variant changes
 * one property: one task has few labels, all tasks have few rows, the tasks are unrelated, or one task contradicts the others.
 *
 * All models share one configuration. Epochs are chosen on the validation rows; early stopping ends a training long before epoch 150.
 */
export const whenSharingHelps: SuiteDeclaration = {
  name: 'when-sharing-helps',
  description: 'when sharing helps: synthetic tasks with few labels, few rows, alike, unrelated, and in conflict',
  paper: 'after Ma et al., KDD 2018, section 3.2',
  extends: 'synthetic',
  variants: {
    'few labels': { ...ALIKE, labelRate: [0.03, 1, 1] },
    'few rows': { ...ALIKE, rows: 1000 },
    alike: ALIKE,
    unrelated: { ...ALIKE, correlation: 0 },
    conflict: { ...ALIKE, conflict: 0.4 },
  },
  models: ['logistic-regression', 'single-task', NARROW, 'shared-bottom', 'cross-stitch', 'mmoe', 'ple', 'adatt'],
  training: { epochs: 150, batchSize: 128, patience: 10 },
  seeds: 8,
};

/** Synthetic tasks from unrelated (correlation 0) to identical (correlation 1). */
export const syntheticCorrelation: SuiteDeclaration = {
  name: 'synthetic-correlation',
  description: 'synthetic tasks of correlation 0, .25, .5, .75 and 1',
  paper: 'after Ma et al., KDD 2018, section 3.2',
  extends: 'synthetic',
  data: { conflict: 0 },
  variants: Object.fromEntries(
    [0, 0.25, 0.5, 0.75, 1].map((correlation) => [`correlation ${correlation}`, { correlation }]),
  ),
  models: ['single-task', 'shared-bottom', 'mmoe', 'ple', 'adatt'],
  seeds: 20,
};
