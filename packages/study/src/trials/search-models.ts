import { groupBy, mean, PolytaskError } from '@polytask/components';
import type { ModelVariant } from '../models/model-variant.ts';
import { selectionMeasure } from '../summary/metric-entries.ts';
import { candidate, type OpenSetting, type TrainingLength } from './plan.ts';
import type { RunListener } from './run-listener.ts';
import { errorOf, type Outcome, type Policy, type Round } from './run-trials.ts';
import { contentKey, type Failure, isScore } from '../results/trial-result.ts';
import type { TrialSpec } from './trial-spec.ts';
import type { SearchPlan } from '@polytask/training/search';
import { type Candidate, search, type SearchResult, whatToTry } from '../search/search.ts';
import type { Hyperparameters } from '../models/models.ts';

export interface SearchOutcome {
  readonly values: ReadonlyMap<string, Hyperparameters>;
  /** The models with a configuration. All configurations of the other models failed: see `failures`. */
  readonly runnable: readonly ModelVariant[];
  /** By model: the configurations that the suite's search trained longest, with scores. It includes models that only earlier runs searched. */
  readonly tried: ReadonlyMap<string, readonly Candidate[]>;
  readonly failures: readonly Failure[];
}

/**
 * The policy that chooses the hyper-parameters of each model for a setting, on the validation rows of `open.searched`. Without a search
 * and without weights to tune, it asks for no trial.
 *
 * @throws PolytaskError for a search with an invalid space
 * @example const { runnable, values } = await runPolicy(searchModels(setting), { executor, store });
 */
export async function* searchModels(open: OpenSetting, listener: RunListener = {}): Policy<SearchOutcome> {
  const { models, allModels, search: declaration } = open.suite;
  const { seed, fold } = open.searched;
  const setting = open.title;
  const values = new Map<string, Hyperparameters>();
  const tried = new Map<string, readonly Candidate[]>();
  const failures: Failure[] = [];
  const place = { setting, seed, ...(fold && { fold }) };
  const planOf = (variant: ModelVariant) =>
    whatToTry(variant, { declaration, tasks: open.tasks, epochs: open.common.training.epochs, chosen: values });
  for (const variant of models) {
    const model = variant.label;
    const searchPlan = planOf(variant);
    if (!searchPlan) continue;
    let count = 0;
    let lastError: Error | undefined;
    const { best, longest, configurations } = yield* searchModel(open, variant, searchPlan, ({ failure }, each) => {
      if (failure) lastError = failure.error;
      listener.onCandidate?.({ ...place, model, number: ++count, ...each });
    });
    if (declaration) tried.set(model, longest);
    if (best) {
      values.set(model, best.values);
      listener.onChoice?.({ ...place, model, tried: count, ...best });
    } else {
      const why = lastError ? ` The last failed with: ${lastError.message}` : '';
      const message = `None of ${configurations} configurations came through the search.${why}`;
      const error = new PolytaskError(message, { cause: lastError });
      failures.push({ ...place, model, error, attempts: 1 });
    }
  }
  const failed = new Set(failures.map(({ model }) => model));
  const runnable = models.filter(({ label }) => !failed.has(label));
  const outcome = { values: new Map(values), runnable, tried, failures };
  if (!declaration) return outcome;
  for (const variant of allModels.filter(({ label }) => !tried.has(label))) {
    const searchPlan = planOf(variant);
    if (!searchPlan) continue;
    let isMissing = false; // of an earlier search all scores are stored, or it wasn't finished
    const noteMissing = ({ result, failure }: Outcome) => {
      if (!result && !failure) isMissing = true;
    };
    const { best, longest } = yield* searchModel(open, variant, searchPlan, noteMissing, () => false);
    tried.set(variant.label, isMissing ? [] : longest);
    if (best && !isMissing) values.set(variant.label, best.values);
  }
  return outcome;
}

/** The searches of a setting's folds as one. A configuration that several of them tried has the mean of its scores. */
export function together(searches: readonly SearchOutcome[]): SearchOutcome {
  const [first, ...others] = searches as [SearchOutcome, ...SearchOutcome[]];
  if (others.length === 0) return first;
  const models = [...new Set(searches.flatMap(({ tried }) => [...tried.keys()]))];
  return {
    ...first,
    failures: searches.flatMap(({ failures }) => failures),
    tried: new Map(models.map((model) => [model, means(searches.flatMap(({ tried }) => tried.get(model) ?? []))])),
  };
}

const means = (tried: readonly Candidate[]): Candidate[] =>
  [...groupBy(tried, ({ values }) => contentKey(values)).values()].map((same) => {
    const scores = same.map(({ score }) => score).filter((score) => !Number.isNaN(score));
    return { ...same[0]!, score: mean(scores) };
  });

async function* searchModel(
  open: OpenSetting,
  variant: ModelVariant,
  searchPlan: SearchPlan,
  onOutcome: (outcome: Outcome, tried: Candidate) => void,
  start?: Round['start'],
): Policy<SearchResult> {
  const { direction } = selectionMeasure(open.common.training.selection);
  return yield* search(searchPlan, direction, (round) =>
    scoresOf(
      open,
      round.map(({ values, epochs }) => ({ variant, values, length: { epochs } })),
      { start, onOutcome: (outcome, i) => onOutcome(outcome, { ...round[i]!, score: scoreIn(outcome) }) },
    ),
  );
}

export interface Configuration {
  readonly variant: ModelVariant;
  readonly values: Hyperparameters;
  readonly length: TrainingLength;
}

/** Measures configurations on the validation rows. The score is NaN for one that failed, can't be built, or was left out. */
export async function* scoresOf(
  open: OpenSetting,
  configurations: readonly Configuration[],
  { onOutcome, ...round }: Omit<Round, 'specs'> = {},
): Policy<number[]> {
  const scores = configurations.map(() => NaN);
  const built: { readonly spec: TrialSpec; readonly index: number }[] = [];
  configurations.forEach(({ variant, values, length }, index) => {
    try {
      const { epochs: _, ...rows } = length; // a network that brings its training has no epochs
      const own = variant.entry.trainsItself ? rows : length;
      built.push({ spec: candidate(open, variant, values, own), index });
    } catch (thrown) {
      const place = { setting: open.title, model: variant.label, ...open.searched };
      onOutcome?.({ failure: { ...place, error: errorOf(thrown), attempts: 0 } }, index);
    }
  });
  const { start } = round;
  const outcomes = yield {
    ...round,
    specs: built.map(({ spec }) => spec),
    ...(start && { start: (i: number) => start(built[i]!.index) }),
    ...(onOutcome && { onOutcome: (outcome: Outcome, i: number) => onOutcome(outcome, built[i]!.index) }),
  };
  outcomes.forEach((outcome, i) => (scores[built[i]!.index] = scoreIn(outcome)));
  return scores;
}

const scoreIn = ({ result }: Outcome): number => (result && isScore(result) ? result.score : NaN);
