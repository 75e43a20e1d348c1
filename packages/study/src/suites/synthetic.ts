import { checks, type Check, type Options } from '@polytask/core';
import { inspect, syntheticTasks } from '@polytask/data';
import type { SuiteRow } from './suite-row.ts';

const TASKS = 3;
const DIMENSION = 32;
const CORRELATION = 0.8;
const CONFLICT = 0.1;
const NOISE = 0.1;
const GENERATOR_SEED = 1;
const ROWS = { train: 8000, validation: 2000, test: 8000 };

const { listOf, number, optional, wholeNumber } = checks;
const share = number('a share from 0 to 1', (value) => value >= 0 && value <= 1);
const rate = number('a share of more than 0, up to 1,', (value) => value > 0 && value <= 1);
const oneOrEach: Check = (value, where) => (Array.isArray(value) ? listOf(rate, 1) : rate)(value, where);

/** What a declaration may change. */
interface SyntheticData {
  readonly tasks?: number;
  readonly dimension?: number;
  readonly correlation?: number;
  readonly conflict?: number;
  readonly noise?: number;
  /** The share of training and validation rows with a label, one number or one a task. Test rows have all their labels. */
  readonly labelRate?: number | readonly number[];
  /** Training rows. */
  readonly rows?: number;
  /** Of the tasks; a trial's seed is of the rows. */
  readonly seed?: number;
}

const options: Options<SyntheticData> = {
  tasks: optional(wholeNumber(1)),
  dimension: optional(wholeNumber(4)),
  correlation: optional(number('a correlation from -1 to 1', (value) => value >= -1 && value <= 1)),
  conflict: optional(share),
  noise: optional(number('a standard deviation of 0 or more', (value) => value >= 0)),
  labelRate: optional(oneOrEach),
  rows: optional(wholeNumber(1)),
  seed: optional(wholeNumber()),
};

/** The tasks stay the same; each seed draws other rows of them. */
export const synthetic: SuiteRow = {
  name: 'synthetic',
  description: `${TASKS} binary tasks of correlation ${CORRELATION} that conflict in ${CONFLICT * 100}% of the input space; made on the spot`,
  paper: 'after Ma et al., KDD 2018, section 3.2',
  needsDirectory: false,
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
    const own = {
      tasks: TASKS,
      kind: 'binary' as const,
      dimension: DIMENSION,
      correlation: CORRELATION,
      conflict: CONFLICT,
      noise: NOISE,
      seed: GENERATOR_SEED,
    };
    const { rows: trainingRows = ROWS.train, ...given } = data as SyntheticData;
    const settings = { ...own, ...given };
    const rows = {
      train: Math.min(trainingRows, limitRows),
      validation: Math.min(ROWS.validation, limitRows),
      test: Math.min(ROWS.test, limitRows),
    };
    const generator = syntheticTasks(settings);
    const labeled = syntheticTasks({ ...settings, labelRate: 1 }); // the same rows: a model is measured on all of them
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
