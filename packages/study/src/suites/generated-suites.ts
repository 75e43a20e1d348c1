import { mean, notNegative, optional, share, wholeNumber, either, listOf, number } from '@polytask/components';
import { binary, regression, type Tasks } from '@polytask/core';
import {
  inspect,
  syntheticFunnel,
  type FunnelOptions,
  type FunnelRows,
  FUNNEL,
  SCENARIOS,
  syntheticTasks,
  type SyntheticOptions,
} from '@polytask/data';
import type { TaskPredictions } from '@polytask/training';
import { limitedCounts } from './row-counts.ts';
import type { DerivedPredictions, SuiteEntry } from './suite-entry.ts';

const FUNNEL_ROWS = { train: 12_000, validation: 3000, test: 12_000 };

/** What the truth is compared with, in place of tasks of the model. */
const DERIVED: Tasks = {
  'buy if clicked': binary(),
  'rate if clicked': regression(),
  'mean rates by scenario': regression(),
};

/**
 * A generated funnel. Besides its tasks, it measures the rate of buying after a click, p(buy) / p(click), on all test rows: AUC and NE against
 * a draw for each row, RMSE against the true rate, and RMSE of the mean rates of the scenarios, which is the bias.
 */
export const syntheticFunnelSuite: SuiteEntry = {
  name: 'funnel',
  description: 'click, cart and buy in three scenarios, with the true rate of buying after a click known for all rows',
  needsDirectory: false,
  hasKnownRows: true,
  defaults: {
    seeds: [1, 2, 3],
    epochs: 20,
    batchSize: 256,
    learningRate: 3e-3,
    patience: 3,
    size: { levels: [32], experts: 6, tower: [16], embedding: 4 },
  },
  data: {
    selection: optional(share),
    hidden: optional(notNegative),
    delayed: optional(share),
    seed: optional(wholeNumber()),
  },
  async open({ limitRows = Infinity, data = {} }) {
    const settings: FunnelOptions = { selection: 0.8, seed: 1, ...data };
    const funnel = syntheticFunnel(settings);
    const counts = limitedCounts(FUNNEL_ROWS, limitRows);
    const train = (seed: number) => funnel.sample(counts.train, 3 * seed, true).table;
    const validation = (seed: number) => funnel.sample(counts.validation, 3 * seed + 1, true).table;
    const test = (seed: number) => funnel.sample(counts.test, 3 * seed + 2);
    return {
      tasks: funnel.schema.tasks,
      context: funnel.schema.context,
      config: { set: 'funnel', ...settings, rows: counts },
      wholeRows: FUNNEL_ROWS,
      notes: () => inspect({ train: train(1), validation: validation(1), test: test(1).table }),
      trial: (seed) => ({
        train: train(seed),
        validation: validation(seed),
        test: () => test(seed).table,
        derive: (predictions) => againstTruth(predictions, test(seed)),
      }),
    };
  },
};

function againstTruth(
  predictions: Readonly<Record<string, TaskPredictions>>,
  { drawn, rates, scenarios }: FunnelRows,
): DerivedPredictions | undefined {
  const [click, buy] = [predictions[FUNNEL[0]], predictions[FUNNEL[2]]];
  if (!click || !buy) return undefined; // a comparison of other tasks
  const predicted = buy.predictions.map((p, row) => Math.min(1, p / Math.max(click.predictions[row]!, 1e-12)));
  const on = (labels: ArrayLike<number>, values: ArrayLike<number>): TaskPredictions => ({
    rows: Uint32Array.from(labels, (_, row) => row),
    labels: Float64Array.from(labels),
    predictions: Float64Array.from(values),
    weights: new Float64Array(labels.length).fill(1),
  });
  const means = (values: ArrayLike<number>) =>
    SCENARIOS.map((_, s) => mean(Array.from(values).filter((_value, row) => scenarios[row] === s)));
  return {
    tasks: DERIVED,
    byTask: {
      'buy if clicked': on(drawn, predicted),
      'rate if clicked': on(rates, predicted),
      'mean rates by scenario': on(means(rates), means(predicted)),
    },
  };
}

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
