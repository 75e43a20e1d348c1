import { either, listOf, notNegative, number, optional, share, wholeNumber } from '@polytask/components';
import { inspect, syntheticTasks, type SyntheticOptions } from '@polytask/data';
import { limitedCounts } from './row-counts.ts';
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

const rate = number({ above: 0, to: 1 });
const correlation = number({ from: -1, to: 1 });

const options = {
  tasks: optional(wholeNumber(1)),
  dimension: optional(wholeNumber(4)),
  correlation: optional(either(correlation, listOf(listOf(correlation)))),
  conflict: optional(share),
  noise: optional(notNegative),
  /** The share of training and validation rows with a label: one number, or one for each task. Test rows have all labels. */
  labelRate: optional(either(rate, listOf(rate, 1))),
  /** How many training rows. */
  rows: optional(wholeNumber(1)),
  /** The seed of the tasks. A trial's seed draws the rows. */
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
    const { rows: trainingRows = ROWS.train, ...changes } = data as Partial<SyntheticOptions<string, 'binary'>> & {
      readonly rows?: number;
    };
    const settings = { ...DEFAULT_TASKS, ...changes };
    const wholeRows = { ...ROWS, train: trainingRows };
    const rows = limitedCounts(wholeRows, limitRows);
    const generator = syntheticTasks(settings);
    const labeled = syntheticTasks({ ...settings, labelRate: 1 }); // the same rows with all labels, for testing
    return {
      tasks: generator.schema.tasks,
      config: { set: 'synthetic', ...settings, rows },
      wholeRows,
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
