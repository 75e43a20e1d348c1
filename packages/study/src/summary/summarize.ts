import { mean, recordOf } from '@polytask/components';
import { readOptions, checks, fail, groupBy, type Options } from '@polytask/core';
import { meanInterval } from '@polytask/metrics';
import { type DataNote, failureWarning, type Warning } from '../guards/guards.ts';
import { BASELINE, models } from '../models/models.ts';
import { modelLabel } from '../models/model-variant.ts';
import type { Candidate } from '../search/search.ts';
import { currentTrials, namesakeNotes, outdatedNotes } from '../results/current-trials.ts';
import { couplesOutputsOf, type Failure, type TrialResult } from '../results/trial-result.ts';
import { contentKey, settingKey } from '../results/trial-key.ts';
import { pairOf, resampling } from '../results/folds.ts';
import { overallGains } from './comparisons.ts';
import { contextTablesOf, scoreTableOf, partTableOf } from './score-table.ts';
import type { ModelSummary, ModelWarning, Summary, TriedModel } from './summary.ts';

export interface SummaryOptions {
  /** The model that differences and gains are taken against. Default: `single-task`. */
  readonly baseline?: string;
  /** Models in the order of the rows. The others follow, in the order of the model table. */
  readonly order?: readonly string[];
  /** The name of the setting. Default: '', for a suite with one setting. */
  readonly setting?: string;
  /** The failed trials of the setting. They become warnings. */
  readonly failures?: readonly Failure[];
  /** Warnings about the data. */
  readonly notes?: readonly DataNote[];
  /** The configurations that a search tried, by model. */
  readonly tried?: ReadonlyMap<string, readonly Candidate[]> | undefined;
}

const { anything, listOf, optional, string, text } = checks;
const OPTIONS: Options<SummaryOptions> = {
  baseline: optional(text),
  order: optional(listOf(text)),
  setting: optional(string),
  failures: anything,
  notes: anything,
  tried: anything,
};

/**
 * Summarizes the trials of one setting: means over seeds, differences from the baseline, gains, winners and warnings. If a model
 * has two trials of one seed and fold, the later one counts.
 *
 * @param trials one or more, which may differ in model, seed and fold only
 * @throws PolytaskError when there are no trials, or trials of several settings, or an option is unknown
 * @example summarize(await (await openResults('results')).read()).models[0].metrics.income.auc.mean
 */
export function summarize(trials: readonly TrialResult[], options: SummaryOptions = {}): Summary {
  readOptions(options, OPTIONS, 'summarize');
  const { baseline: baselineModel = BASELINE, order = [], setting = '', failures = [], notes = [], tried } = options;
  const settings = new Set(trials.map(settingKey));
  if (settings.size !== 1) {
    fail({
      expected: 'trials of one suite, engine, size and training',
      received: settings.size === 0 ? 'none' : `${settings.size} settings`,
      fix: settings.size === 0 ? 'Run the suite first.' : 'Summarize the trials of each setting apart.',
    });
  }
  const byModel = grouped(trials, order);
  const first = trials[0]!;
  const table = scoreTableOf(byModel, baselineModel);
  const byContext = contextTablesOf(byModel, baselineModel, table.leftOut);
  const gains = overallGains(byModel, table.columns, baselineModel, table.leftOut);
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
      sharesLayers: byModel.get(scores.model)![0]!.sharesLayers,
      ...(couplesOutputsOf(byModel.get(scores.model)![0]!) && { couplesOutputs: true }),
      ...costsOf(byModel.get(scores.model)!),
      ...qualityOf(byModel.get(scores.model)!),
      gain: gains.get(scores.model),
    })),
    warnings: warningsOf([...byModel.values()].flat(), failures, notes),
    unseen: partTableOf(byModel, baselineModel, table.leftOut, ({ unseen }) => unseen),
    ...(byContext.length > 0 && { byContext }),
    sensitivity: [...byModel.keys()].flatMap((model): TriedModel[] => {
      const own = tried?.get(model) ?? [];
      return own.length > 0
        ? [{ model, tried: own.map(({ values, score }) => ({ values: { ...values }, score })) }]
        : [];
    }),
  };
}

/**
 * Computes the summary of each table that some trials belong to, in the order of the tables' first trials. Of a model that has changed
 * between its trials, only the latest trials count: see {@link currentTrials}.
 *
 * @param options of all tables
 * @example summarizeTables(await openResults('results').read()).map(({ setting }) => setting)
 */
export function summarizeTables(
  trials: readonly TrialResult[],
  options: Omit<SummaryOptions, 'setting' | 'failures' | 'tried'> = {},
): Summary[] {
  const everyTable = [...groupBy(trials, settingKey).values()];
  return everyTable.map((all) => {
    const { current, outdated } = currentTrials(all);
    const notes = [...(options.notes ?? []), ...outdatedNotes(outdated), ...namesakeNotes(all, everyTable)];
    return summarize(current, { ...options, setting: all[0]!.setting ?? '', notes });
  });
}

/** Whether a search chose the same hyper-parameters. Those of nested folds may differ. */
const hasChoiceOf = (a: TrialResult) => (b: TrialResult) =>
  contentKey(a.config.model.chosen ?? null) === contentKey(b.config.model.chosen ?? null);

/** The size and costs of a model. */
const costsOf = (
  trials: readonly TrialResult[],
): Pick<ModelSummary, 'parameters' | 'multiplyAdds' | 'chosen' | 'seconds'> => ({
  parameters: trials[0]!.parameters,
  multiplyAdds: trials[0]!.multiplyAdds,
  chosen: trials.every(hasChoiceOf(trials[0]!)) ? trials[0]!.config.model.chosen : undefined,
  seconds: meanInterval(trials.map(({ seconds }) => seconds)),
});

/** The quality of a model, in numbers that don't depend on the kinds of its tasks. */
const qualityOf = (trials: readonly TrialResult[]): Pick<ModelSummary, 'normalizedLosses' | 'validation'> => ({
  normalizedLosses: recordOf(Object.keys(trials[0]!.normalizedLosses ?? {}), (task) =>
    meanInterval(
      trials.map(({ normalizedLosses }) => normalizedLosses?.[task] ?? NaN),
      resampling(trials[0]!.config),
    ),
  ),
  validation: meanInterval(trials.map(validationScore), resampling(trials[0]!.config)),
});

/** The mean over tasks of the best epoch's validation scores. NaN for a trial without a curve. */
export const validationScore = ({ curve, bestEpoch }: TrialResult): number =>
  mean(Object.values(curve[bestEpoch - 1]?.validation ?? {}));

/** The trials by model, in the order of the rows. The seeds and folds of a model ascend. */
function grouped(trials: readonly TrialResult[], order: readonly string[]): Map<string, TrialResult[]> {
  const byPair = new Map<string, Map<number, TrialResult>>();
  for (const trial of trials) {
    byPair.set(trial.model, (byPair.get(trial.model) ?? new Map<number, TrialResult>()).set(pairOf(trial), trial));
  }
  const places = [...order, ...models().map(({ name }) => name)];
  const placeOf = (label: string) => {
    const { balancer: _, ...plain } = [...byPair.get(label)!.values()][0]!.parts ?? { model: label };
    return [label, modelLabel(plain)].map((name) => places.indexOf(name)).find((place) => place >= 0) ?? places.length;
  };
  const names = [...byPair.keys()].sort((a, b) => placeOf(a) - placeOf(b));
  return new Map(names.map((model) => [model, [...byPair.get(model)!.values()].sort((a, b) => pairOf(a) - pairOf(b))]));
}

/** The warnings of the data, the trials and the failures. Equal warnings of a model are merged. */
function warningsOf(
  trials: readonly TrialResult[],
  failures: readonly Failure[],
  notes: readonly DataNote[],
): ModelWarning[] {
  const merged = new Map<string, { model: string; seeds: number[] } & Warning>();
  const add = (model: string, seed: number, { guard, message, task }: Warning) => {
    const key = JSON.stringify([model, guard, message, task]);
    const entry = merged.get(key) ?? { model, seeds: [], guard, message, ...(task !== undefined && { task }) };
    entry.seeds.push(seed);
    merged.set(key, entry);
  };
  for (const trial of trials) for (const warning of trial.warnings) add(trial.model, pairOf(trial), warning);
  const { config } = trials[0]!;
  for (const failure of failures) add(failure.model, pairOf({ ...failure, config }), failureWarning(failure.error));
  return [
    ...notes.map((note): ModelWarning => ({
      model: undefined,
      seeds: [],
      guard: 'data',
      ...(typeof note === 'string' ? { message: note } : (note as Omit<Warning, 'guard'>)),
    })),
    ...merged.values(),
  ];
}
