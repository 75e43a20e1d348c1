import { fail, mapValues, suggestion } from '@polytask/components';
import { staticWeights } from '@polytask/balancing';
import { atPreference, drawPreferences, evaluate } from '@polytask/training';
import { named, type ModelVariant } from '../models/model-variant.ts';
import { resampling } from '../results/folds.ts';
import type { TrialResult } from '../results/trial-result.ts';
import type { TradeOffsReport } from '../report/trade-offs-document.ts';
import { type MeasuredRun, tradeOffPoints } from '../summary/fronts.ts';
import type { Suite } from '../suites/suite.ts';
import { type OpenedData, rowsOfSpec, testRowsOf, visibleRows } from '../trials/open-data.ts';
import { type OpenSetting, planTrials } from '../trials/plan.ts';
import { trainModel } from '../trials/train-model.ts';

/** The weights of all tasks in their order, with the sum 1: those other than `task` share the rest evenly. */
const preferenceAt = (weight: number, task: string, tasks: readonly string[]): number[] =>
  tasks.map((name) => (name === task ? weight : (1 - weight) / (tasks.length - 1)));

/** A model that is trained with a weight of the task. */
export interface WeightedVariant extends ModelVariant {
  readonly of: string;
  readonly weight: number;
}

export interface Weighing {
  /** Default: the first one. */
  readonly task?: string | undefined;
  /** Two or more, from 0 to 1. The others share the rest. Default .1, .3, .5, .7, .9. */
  readonly weights?: readonly number[] | undefined;
}

/** A suite with each of its models at each weight of a task. */
export interface WeightedSuite {
  readonly task: string;
  readonly others: readonly string[];
  /** `auc` or `normalizedLoss` */
  readonly measure: string;
  readonly weights: readonly number[];
  readonly models: readonly WeightedVariant[];
  readonly suite: Suite;
}

/**
 * Plans the models of a suite at several weights of a task.
 *
 * @throws PolytaskError for one task, an unknown task, and a model that trains itself
 */
export function weightedSuite(suite: Suite, open: OpenSetting, weighing: Weighing = {}): WeightedSuite {
  const { tasks, common } = open;
  const { task = tasks[0]!, weights: given = [0.1, 0.3, 0.5, 0.7, 0.9] } = weighing;
  const weights = [...new Set(given)].sort((a, b) => a - b);
  const itself = suite.models.find(({ entry }) => entry.trainsItself);
  if (itself)
    fail({
      expected: 'models that are trained on a weighted sum of losses',
      received: `${itself.label}, which trains itself`,
      fix: 'Leave it out.',
    });
  if (tasks.length < 2 || !tasks.includes(task))
    fail({
      expected: 'two tasks or more, and the name of one of them',
      received: `${task}, of ${tasks.join(', ')}`,
      fix: suggestion(task, tasks),
    });
  const models = suite.models.flatMap((model) =>
    weights.map((weight): WeightedVariant => {
      const shares = preferenceAt(weight, task, tasks);
      return {
        ...{ ...model, of: model.label, weight },
        ...named({ ...model.parts, balancer: `${task}=${weight}` }),
        balancing: staticWeights(shares.map((share) => share * tasks.length)), // of mean 1: learning rates keep their meaning
      };
    }),
  );
  const order = models.map(({ label }) => label);
  const baseline = order[Math.floor(weights.length / 2)]!;
  return {
    ...{ task, weights, models, others: tasks.filter((name) => name !== task), measure: common.training.selection },
    suite: { ...suite, models, allModels: models, order, baseline },
  };
}

/** The trade-offs that trials of weighted models show. @param further runs that are compared with them */
export function summarizeTradeOffs(
  { task, others, measure, models }: WeightedSuite,
  trials: readonly TrialResult[],
  further: readonly MeasuredRun[] = [],
): TradeOffsReport {
  const runs = models.flatMap(({ label, of: model, weight }) =>
    trials
      .filter((trial) => trial.model === label)
      .map(({ seed, config, metrics, normalizedLosses = {} }) => ({
        ...{ model, weight, isConditioned: false, seed, dependence: resampling(config) },
        scores: measure === 'auc' ? mapValues(metrics, (values) => values['auc'] ?? NaN) : normalizedLosses,
      })),
  );
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  return { task, others, measure, seeds, points: tradeOffPoints([...runs, ...further], task, measure) };
}

/**
 * Trains each model of the suite once for each seed, with the preference as an input (`drawPreferences`), and measures it on the test rows
 * at each weight of the task. Epochs are chosen at equal weights.
 *
 * @throws PolytaskError when a model can't be trained; the signal's reason
 */
export async function conditionedRuns(
  open: OpenSetting,
  { weights, task }: Pick<WeightedSuite, 'weights' | 'task'>,
  data: OpenedData,
  onTraining: (model: string, seed: number) => void = () => {},
  signal?: AbortSignal,
): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (const spec of planTrials(open)) {
    const { model: label, seed, mode, config } = spec;
    const rows = await rowsOfSpec(data, spec);
    const { train, validation, ...others } = visibleRows(rows);
    const visible = { ...others, train: drawPreferences(train, { seed }), validation: atPreference(validation) };
    const { model } = await trainModel(visible, spec, { signal });
    try {
      const { rows: test } = testRowsOf(rows);
      for (const weight of weights) {
        const at = atPreference(test, preferenceAt(weight, task, open.tasks));
        const measured = await evaluate(model, at, { engine: mode });
        const scoreOf = (values: Readonly<Record<string, number>>) => values[config.training.selection] ?? NaN;
        const scores = mapValues(measured, scoreOf);
        runs.push({ model: label, weight, isConditioned: true, seed, scores, dependence: resampling(config) });
      }
    } finally {
      model.dispose();
    }
    onTraining(label, seed);
  }
  return runs;
}
