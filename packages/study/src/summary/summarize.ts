import { defineFinding, type Finding, mapValues, mean } from '@polytask/components';
import { checks, fail, type FromDescription, groupBy, type Option, readOptions, type Written } from '@polytask/core';
import { meanInterval } from '@polytask/metrics';
import { BASELINE, models, type Hyperparameters } from '../models/models.ts';
import { modelLabel } from '../models/model-variant.ts';
import type { Candidate } from '../search/search.ts';
import { currentTrials, namesakeNotes, outdatedNotes } from '../results/current-trials.ts';
import { couplesOutputsOf, type Failure, type TrialResult, contentKey, settingKey } from '../results/trial-result.ts';
import { pairOf, resampling } from '../results/folds.ts';
import { comparisonFindings } from './comparison-findings.ts';
import { overallGains } from './comparisons.ts';
import { contextTablesOf, scoreTableOf, partTableOf } from './score-table.ts';
import type { ModelWarning, Summary, SummaryOfTrials, TriedModel } from './summary.ts';

const { anything, listOf, optional, string, text } = checks;

const summaryOptions = {
  /** The model that differences and gains are taken against. */
  baseline: optional(text, BASELINE),
  /** Models in the order of the rows. The others follow, in the order of the model table. */
  order: optional(listOf(text), []),
  /** The name of the setting; '' for a suite with one setting. */
  setting: optional(string, ''),
  /** The failed trials of the setting. They become warnings. */
  failures: optional(anything as Option<readonly Failure[]>, []),
  /** Warnings about the data. */
  notes: optional(anything as Option<readonly Finding[]>, []),
  /** The configurations that a search tried, by model. */
  tried: optional(anything as Option<ReadonlyMap<string, readonly Candidate<Hyperparameters>[]>>),
};

export interface SummaryOptions extends Written<typeof summaryOptions>, FromDescription {}

/**
 * Summarizes the trials of one setting: means over seeds, differences from the baseline, gains, winners, warnings and findings. If a model
 * has two trials of one seed and fold, the later one counts.
 *
 * @param trials one or more, which may differ in model, seed and fold only
 * @throws PolytaskError when there are no trials, or trials of several settings, or an option is unknown
 * @example summarize(await (await openResults('results')).read()).models[0].metrics.income.auc.mean
 */
export function summarize(trials: readonly TrialResult[], options: SummaryOptions = {}): Summary {
  const { baseline, order, setting, failures, notes, tried } = readOptions(options, summaryOptions, 'summarize');
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
  const table = scoreTableOf(byModel, baseline);
  const byContext = contextTablesOf(byModel, baseline, table.leftOut);
  const gains = overallGains(byModel, table.columns, baseline, table.leftOut);
  const { data, training, size, match, search } = first.config;
  const current = [...byModel.values()].flat();
  const summary: SummaryOfTrials = {
    suite: first.suite,
    setting,
    key: settingKey(first),
    engine: first.engine,
    versions: first.versions,
    config: { data, training, size, match, search },
    ...table,
    models: table.models.map((scores) => {
      const own = byModel.get(scores.model)!;
      return {
        ...scores,
        sharesLayers: own[0]!.sharesLayers,
        ...(couplesOutputsOf(own[0]!) && { couplesOutputs: true }),
        ...costsOf(own),
        gain: gains.get(scores.model),
      };
    }),
    warnings: warningsOf(current, failures, notes),
    unseen: partTableOf(byModel, baseline, table.leftOut, ({ unseen }) => unseen),
    ...(byContext.length > 0 && { byContext }),
    sensitivity: [...byModel.keys()].flatMap((model): TriedModel[] => {
      const own = tried?.get(model) ?? [];
      return own.length > 0
        ? [{ model, tried: own.map(({ values, score }) => ({ values: { ...values }, score })) }]
        : [];
    }),
  };
  return { ...summary, findings: comparisonFindings(summary, current) };
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

/** The size and costs of a model, and its quality in numbers that don't depend on the kinds of its tasks. */
function costsOf(trials: readonly TrialResult[]) {
  const [{ parameters, multiplyAdds, config, normalizedLosses = {} }] = trials as [TrialResult, ...TrialResult[]];
  const meanOf = (values: readonly number[]) => meanInterval(values, resampling(config));
  const choices = new Set(trials.map((trial) => contentKey(trial.config.model.chosen ?? null))); // of nested folds, several
  return {
    parameters,
    multiplyAdds,
    chosen: choices.size === 1 ? config.model.chosen : undefined,
    seconds: meanInterval(trials.map(({ seconds }) => seconds)),
    normalizedLosses: mapValues(normalizedLosses, (_, task) =>
      meanOf(trials.map(({ normalizedLosses: own }) => own?.[task] ?? NaN)),
    ),
    validation: meanOf(trials.map(validationScore)),
  };
}

export const validationScore = ({ curve, bestEpoch }: TrialResult): number =>
  mean(Object.values(curve[bestEpoch - 1]?.validation ?? {}));

/** The trials by model, in the order of the rows. The seeds and folds of a model ascend. */
function grouped(trials: readonly TrialResult[], order: readonly string[]): Map<string, TrialResult[]> {
  const byModel = groupBy(trials, ({ model }) => model);
  const places = [...order, ...models().map(({ name }) => name)];
  const placeOf = (label: string) => {
    const { balancer: _, ...plain } = byModel.get(label)![0]!.parts;
    return [label, modelLabel(plain)].map((name) => places.indexOf(name)).find((place) => place >= 0) ?? places.length;
  };
  const names = [...byModel.keys()].sort((a, b) => placeOf(a) - placeOf(b));
  const latest = (own: readonly TrialResult[]) => [...new Map(own.map((trial) => [pairOf(trial), trial])).values()];
  return new Map(names.map((model) => [model, latest(byModel.get(model)!).sort((a, b) => pairOf(a) - pairOf(b))]));
}

const failed = /* @__PURE__ */ defineFinding<'model', { error: string }>('failed', {
  says: ({ error }) => `No result: ${error}`,
});

/** The warnings of the data, the trials and the failures. Equal warnings of a model are merged. */
function warningsOf(
  trials: readonly TrialResult[],
  failures: readonly Failure[],
  notes: readonly Finding[],
): ModelWarning[] {
  const { config } = trials[0]!;
  const all = [
    ...trials.flatMap((trial) =>
      trial.warnings.map((each) => ({ ...each, about: { ...each.about, model: trial.model }, seed: pairOf(trial) })),
    ),
    ...failures.map((each) => ({
      ...failed({ model: each.model }, { error: each.error.message }),
      seed: pairOf({ ...each, config }),
    })),
  ];
  const merged = groupBy(all, ({ kind, about: { model, task }, message }) =>
    JSON.stringify([model, kind, message, task]),
  );
  return [
    ...notes.map((note) => ({ ...note, seeds: [] })),
    ...[...merged.values()].map((same): ModelWarning => {
      const { seed: _, ...first } = same[0]!;
      return { ...first, seeds: same.map(({ seed }) => seed) };
    }),
  ];
}
