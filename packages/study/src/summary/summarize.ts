import { fail } from '@polytask/core';
import { meanInterval } from '@polytask/metrics';
import type { DataNote } from '../guards/warning.ts';
import { modelOfName } from '../balancers/balancers.ts';
import { BASELINE, models } from '../models/models.ts';
import { settingKey } from '../trials/trial-key.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import type { Failure } from '../trials/run-listener.ts';
import type { SearchOutcome } from '../search/search-models.ts';
import { overallGains } from './overall-gain.ts';
import { scoreTableOf } from './score-table.ts';
import type { ModelSummary, Summary, TriedModel } from './summary.ts';
import { unseenTableOf } from './unseen-table.ts';
import { warningsOf } from './warnings.ts';

export interface SummaryOptions {
  readonly baseline?: string;
  readonly order?: readonly string[];
  readonly setting?: string;
  readonly failures?: readonly Failure[];
  readonly notes?: readonly DataNote[];
  readonly tried?: SearchOutcome['tried'] | undefined;
}

/**
 * What trials of one suite say together. Where a model has two trials of one seed, the later one counts.
 *
 * @param trials of one setting: they may differ in model and seed only
 * @param options.baseline the model that gains are measured against
 * @param options.order models in the order of the rows; others follow, those of the model table first
 * @param options.setting which of a suite's tables it is
 * @param options.failures trials of it that came to nothing: they are warnings
 * @param options.notes what is odd about the data: warnings too
 * @param options.tried what a search tried, by model
 * @throws PolytaskError when there is none, or they are of several settings
 * @example summarize(await (await openResults('results')).read()).models[0].metrics.income.auc.mean
 */
export function summarize(trials: readonly TrialResult[], options: SummaryOptions = {}): Summary {
  const { baseline: baselineModel = BASELINE, order = [], setting = '', failures = [], notes = [], tried } = options;
  const settings = new Set(trials.map(settingKey));
  if (settings.size !== 1) {
    fail({
      expected: 'trials of one suite, engine, size and training',
      received: settings.size === 0 ? 'none' : `${settings.size} settings`,
      mend: settings.size === 0 ? 'Run the suite first.' : 'Summarize the trials of each setting apart.',
    });
  }
  const byModel = grouped(trials, order);
  const first = trials[0]!;
  const table = scoreTableOf(byModel, baselineModel);
  const gains = overallGains(byModel, table.columns, baselineModel);
  const { data, training, size, match, search } = first.config;
  return {
    suite: first.suite,
    setting,
    key: settingKey(first),
    engine: first.engine,
    versions: first.versions,
    config: { data, training, size, match, search },
    ...table,
    models: table.models.map((scores) => ({
      ...scores,
      ...costsOf(byModel.get(scores.model)!),
      ...qualityOf(byModel.get(scores.model)!),
      gain: gains.get(scores.model),
    })),
    warnings: warningsOf([...byModel.values()].flat(), failures, notes),
    unseen: unseenTableOf(byModel, baselineModel),
    sensitivity: [...byModel.keys()].flatMap((model): TriedModel[] => {
      const own = tried?.get(model) ?? [];
      return own.length > 0
        ? [{ model, tried: own.map(({ values, score }) => ({ values: { ...values }, score })) }]
        : [];
    }),
  };
}

/** What a model is and takes. */
const costsOf = (
  trials: readonly TrialResult[],
): Pick<ModelSummary, 'parameters' | 'multiplyAdds' | 'chosen' | 'seconds'> => ({
  parameters: trials[0]!.parameters,
  multiplyAdds: trials[0]!.multiplyAdds,
  chosen: trials[0]!.config.model.chosen,
  seconds: meanInterval(trials.map(({ seconds }) => seconds)),
});

/** What a model reached, in numbers that may be compared whatever the kinds of its tasks. */
const qualityOf = (trials: readonly TrialResult[]): Pick<ModelSummary, 'relativeErrors' | 'validation'> => ({
  relativeErrors: Object.fromEntries(
    Object.keys(trials[0]!.relativeErrors ?? {}).map((task) => [
      task,
      meanInterval(trials.map(({ relativeErrors }) => relativeErrors?.[task] ?? NaN)),
    ]),
  ),
  validation: meanInterval(trials.map(keptScore)),
});

/** The mean over tasks of the kept epoch's validation scores; NaN where the trial has no curve. */
function keptScore({ curve, bestEpoch }: TrialResult): number {
  const scores = Object.values(curve[bestEpoch - 1]?.validation ?? {});
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** By model, in the order that was given, then of the model table, others after; each with its seeds in ascending order. */
function grouped(trials: readonly TrialResult[], order: readonly string[]): Map<string, TrialResult[]> {
  const bySeed = new Map<string, Map<number, TrialResult>>();
  for (const trial of trials) {
    bySeed.set(trial.model, (bySeed.get(trial.model) ?? new Map<number, TrialResult>()).set(trial.seed, trial));
  }
  const places = [...order, ...models().map(({ name }) => name)];
  const placeOf = (model: string) =>
    [model, modelOfName(model)].map((name) => places.indexOf(name)).find((place) => place >= 0) ?? places.length;
  const names = [...bySeed.keys()].sort((a, b) => placeOf(a) - placeOf(b));
  return new Map(names.map((model) => [model, [...bySeed.get(model)!.values()].sort((a, b) => a.seed - b.seed)]));
}
