import { anyFinding } from '@polytask/components';
import { checks, fail, PolytaskError, type ReadValue } from '@polytask/core';
import { comparisonDocument } from './report/comparison-document.ts';
import { shownAs } from './report/notebook.ts';
import type { SearchOutcome } from './trials/search-models.ts';
import type { Suite } from './suites/suite.ts';
import { overviewFindings } from './summary/overview-findings.ts';
import { summarize } from './summary/summarize.ts';
import type { Summary } from './summary/summary.ts';
import { currentTrials, outdatedNotes } from './results/current-trials.ts';
import type { OpenSetting } from './trials/plan.ts';
import { settingKey, type Failure, measured, type TrialResult } from './results/trial-result.ts';
import type { TrialSpec } from './trials/trial-spec.ts';

const { anything, listOf, number, optional, record, shaped, string } = checks;

/** A {@link StudyPlan} as JSON. */
export const planDocument = shaped({
  suite: string,
  engine: string,
  baseline: string,
  /** The models in the order of a table's rows. */
  order: listOf(string),
  settings: listOf(
    shaped({
      title: string,
      /** The `settingKey` of the trials. */
      key: string,
      /** Findings about the data. */
      notes: listOf(anyFinding),
      /** By model: the configurations of its search. */
      tried: record(listOf(shaped({ values: record(anything), epochs: number(), score: measured }))),
    }),
  ),
  trials: listOf(shaped({ key: string, setting: string, model: string, seed: number(), fold: optional(number()) })),
});

/** What a run of a suite does, as plain data: with the results of its trials, a summary needs nothing else. */
export type StudyPlan = ReadValue<typeof planDocument>;

export interface RunOutcome {
  /** One summary for each setting of the suite. A suite without settings has one summary. */
  readonly summaries: readonly [Summary, ...Summary[]];
  /** The trials of the summaries: those of this run, and stored ones of the same settings. */
  readonly trials: readonly TrialResult[];
  readonly failures: readonly Failure[];
}

/** The plan of a run. @param searches one for each setting */
export const studyPlan = (
  suite: Suite,
  engine: string,
  settings: readonly OpenSetting[],
  searches: readonly SearchOutcome[],
  specs: readonly TrialSpec[],
): StudyPlan => ({
  suite: suite.name,
  engine,
  baseline: suite.baseline,
  order: [...suite.order],
  settings: settings.map(({ title, key, notes }, i) => ({
    ...{ title, key },
    notes: [...notes],
    tried: Object.fromEntries(
      [...searches[i]!.tried].map(([model, tried]) => [
        model,
        tried.map(({ values, ...each }) => ({ ...each, values: { ...values } })),
      ]),
    ),
  })),
  trials: specs.map(({ key, setting, model, seed, fold }) => ({ key, setting, model, seed, ...(fold && { fold }) })),
});

/**
 * Puts the plans of the parts of a study together, such as those of its shards.
 *
 * @param plans one or more
 * @throws PolytaskError for plans of several suites or engines
 */
export function mergePlans(plans: readonly StudyPlan[]): StudyPlan {
  const kinds = [...new Set(plans.map(({ suite, engine }) => `${suite} on ${engine}`))];
  if (kinds.length !== 1) {
    fail({
      expected: 'the parts of one study, of one suite and engine',
      received: kinds.join(', ') || 'none',
      fix: 'Merge the directories of each study apart.',
    });
  }
  const byKey = <V>(values: readonly V[], key: (value: V) => string) => [
    ...new Map(values.map((value) => [key(value), value])).values(),
  ];
  return {
    ...plans[0]!,
    order: [...new Set(plans.flatMap(({ order }) => order))],
    settings: byKey(
      plans.flatMap(({ settings }) => settings),
      ({ key }) => key,
    ),
    trials: byKey(
      plans.flatMap(({ trials }) => trials),
      ({ setting, key }) => `${key} ${setting}`,
    ),
  };
}

/**
 * The current trials of a planned study among those of a store, and the outdated ones of models that have changed since.
 *
 * @throws PolytaskError when none is there
 */
export function trialsOfStudy(
  { settings, trials }: StudyPlan,
  stored: readonly TrialResult[],
  failures: readonly Failure[] = [],
) {
  const keys = new Set(settings.map(({ key }) => key));
  const own = stored.filter((trial) => keys.has(settingKey(trial)));
  const found = currentTrials(own, new Set(trials.map(({ key }) => key)));
  if (found.current.length > 0) return found;
  const cause = failures[0]?.error;
  const why = cause ? ` The first failed with: ${cause.message}` : '';
  throw new PolytaskError(`No trial came through.${why}`, { cause });
}

/**
 * The outcome of a planned study.
 *
 * @param stored trials, of which those of other settings are left out
 * @throws PolytaskError when no trial is there
 */
export function outcomeOf(
  plan: StudyPlan,
  stored: readonly TrialResult[],
  failures: readonly Failure[] = [],
): RunOutcome {
  const { baseline, order, settings } = plan;
  const { current: trials, outdated } = trialsOfStudy(plan, stored, failures);
  const summaries = settings.flatMap(({ title, key, notes, tried }) => {
    const own = trials.filter((trial) => settingKey(trial) === key);
    if (own.length === 0) return [];
    const left = outdatedNotes(outdated.filter((trial) => settingKey(trial) === key));
    const ownFailures = failures.filter(({ setting }) => setting === title);
    const searched = new Map(Object.entries(tried)) as SearchOutcome['tried'];
    const about = { baseline, order, setting: title, notes: [...notes, ...left] };
    return [summarize(own, { ...about, failures: ownFailures, tried: searched })];
  });
  const overview = overviewFindings(summaries);
  const [first, ...others] = summaries as [Summary, ...Summary[]]; // there are trials, so there is a summary
  return shownAs(
    { summaries: [{ ...first, ...(overview.length > 0 && { overview }) }, ...others], trials, failures },
    (outcome) => comparisonDocument(outcome),
  );
}

/** A part of a study: the `number`th of `of` parts. */
export interface Shard {
  /** 1-based. */
  readonly number: number;
  readonly of: number;
}

/**
 * Reads a shard: `3/20`.
 *
 * @throws PolytaskError for another text, or a number out of range
 * @example parseShard('3/20') // { number: 3, of: 20 }
 */
export function parseShard(text: string): Shard {
  const [, number, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (number !== undefined && of !== undefined && number >= 1 && number <= of) return { number, of };
  return fail({
    expected: 'the number of a shard and how many there are, such as 3/20',
    received: `"${text}"`,
    fix: 'Numbers begin at 1: 1/20 to 20/20.',
  });
}

/** The trials of a shard: every `of`th. @throws PolytaskError when there are more shards than trials */
export function trialsOfShard<T>(trials: readonly T[], { number, of }: Shard): T[] {
  if (of > trials.length) {
    fail({
      expected: `at most as many shards as trials (${trials.length})`,
      received: `${number}/${of}`,
      fix: 'Take fewer shards.',
    });
  }
  return trials.filter((_, i) => i % of === number - 1);
}
