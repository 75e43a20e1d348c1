import { mean } from '@polytask/components';
import { binary, checks, regression, type Tasks } from '@polytask/core';
import { inspect, syntheticFunnel, type FunnelOptions, type FunnelRows, FUNNEL, SCENARIOS } from '@polytask/data';
import type { TaskPredictions } from '@polytask/training';
import { limitedCounts } from './row-counts.ts';
import type { DerivedPredictions, SuiteEntry } from './suite-entry.ts';

const ROWS = { train: 12_000, validation: 3000, test: 12_000 };
const { notNegative, optional, share, wholeNumber } = checks;

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
    const counts = limitedCounts(ROWS, limitRows);
    const train = (seed: number) => funnel.sample(counts.train, 3 * seed, true).table;
    const validation = (seed: number) => funnel.sample(counts.validation, 3 * seed + 1, true).table;
    const test = (seed: number) => funnel.sample(counts.test, 3 * seed + 2);
    return {
      tasks: funnel.schema.tasks,
      context: funnel.schema.context,
      config: { set: 'funnel', ...settings, rows: counts },
      wholeRows: ROWS,
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
