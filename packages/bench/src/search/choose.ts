import { PolytaskError } from '@polytask/core';
import type { Contestant } from '../models/model-entry.ts';
import type { SuitePlan } from '../plan-suite.ts';
import type { RunListener } from '../run-options.ts';
import type { Failure } from '../trials/failure.ts';
import { atPlaces } from '../trials/at-places.ts';
import type { OpenSetting, RunEngine } from '../trials/declare-trials.ts';
import { WorkerLost, type Executor } from '../workers/executor.ts';
import { candidateJob } from './candidate-job.ts';
import { recall } from './recall.ts';
import { directionOf, search, type Candidate, type SearchDeclaration } from './search.ts';
import type { SearchFile } from './search-file.ts';
import type { Hyperparameters } from './space.ts';
import { whatToTry } from './what-to-try.ts';

export interface ChooseOptions {
  readonly plan: SuitePlan;
  readonly engine: RunEngine;
  readonly executor: Executor;
  readonly retries: number;
  readonly listener: RunListener;
  readonly signal: AbortSignal | undefined;
  readonly file: SearchFile | undefined;
  /** Tries configurations again whose scores are known. */
  readonly force: boolean;
}

/** What a search has found. */
export interface Chosen {
  /** By model, of those for which something was to be chosen. */
  readonly values: ReadonlyMap<string, Hyperparameters>;
  /** Those that can be run: of the others no configuration came through, and they are among the failures. */
  readonly runnable: readonly Contestant[];
  /** By model: the configurations of its last round of the suite's search, with their scores. Of models that earlier runs searched, too. */
  readonly tried: ReadonlyMap<string, readonly Candidate[]>;
  readonly failures: readonly Failure[];
}

/** Each model's own hyper-parameters for a setting, chosen on the validation rows of the suite's first seed. */
export async function choose(
  open: OpenSetting,
  declaration: SearchDeclaration | undefined,
  options: ChooseOptions,
): Promise<Chosen> {
  const { plan, listener, engine, file } = options;
  const values = new Map<string, Hyperparameters>();
  const tried = new Map<string, readonly Candidate[]>();
  const failures: Failure[] = [];
  const { epochs, selection } = open.common.training;
  const setting = open.setting.title;
  for (const contestant of plan.contestants) {
    const model = contestant.label;
    const trying = whatToTry(contestant, { declaration, tasks: open.tasks, epochs, chosen: values });
    if (!trying) continue;
    let count = 0;
    let thrown: unknown;
    const onError = (error: unknown) => (thrown = error);
    const measure = async (candidates: readonly Hyperparameters[], length: number) => {
      const scores: number[] = [];
      await atPlaces(candidates, options.executor.places, async (candidate, i) => {
        scores[i] = await scoreOf(open, contestant, candidate, length, { ...options, onError });
        listener.onCandidate?.({
          setting,
          model,
          number: ++count,
          values: candidate,
          epochs: length,
          score: scores[i],
        });
      });
      return scores;
    };
    const { best, last } = await search(trying, directionOf(selection), measure);
    if (declaration) tried.set(model, last);
    if (best) {
      values.set(model, best.values);
      listener.onChoice?.({ setting, model, tried: count, ...best });
    } else {
      const why = thrown instanceof Error ? ` The last failed with: ${thrown.message}` : '';
      const error = new PolytaskError(
        `None of ${trying.candidates.length} configurations came through the search.${why}`,
        { cause: thrown },
      );
      failures.push({ setting, model, seed: plan.searchSeed, error, attempts: 1 });
    }
  }
  if (file && declaration) {
    const chosen = new Map(values);
    for (const contestant of plan.known.filter(({ label }) => !tried.has(label))) {
      const { best, last } = await recall(
        open,
        contestant,
        whatToTry(contestant, { declaration, tasks: open.tasks, epochs, chosen })!,
        { plan, engine, file },
      );
      tried.set(contestant.label, last);
      if (best) chosen.set(contestant.label, best.values);
    }
  }
  const failed = new Set(failures.map(({ model }) => model));
  return { values, runnable: plan.contestants.filter(({ label }) => !failed.has(label)), tried, failures };
}

/** A known score, or a new one; NaN for a configuration that can't be built, diverges, or loses its process. */
async function scoreOf(
  open: OpenSetting,
  contestant: Contestant,
  values: Hyperparameters,
  epochs: number,
  options: ChooseOptions & { onError(error: unknown): void },
): Promise<number> {
  const { executor, retries, signal, file, force, onError } = options;
  let score = NaN;
  let key: string | undefined;
  try {
    const { key: own, job } = candidateJob(open, contestant, values, epochs, options);
    key = own;
    const known = force ? undefined : file?.known.get(key);
    if (known !== undefined) return known;
    score =
      (force ? undefined : file?.elsewhere.get(key)) ??
      (await withRetries(() => executor.search(job, { signal }), retries));
  } catch (error) {
    signal?.throwIfAborted();
    onError(error);
  }
  if (key !== undefined)
    await file?.append({
      key,
      setting: open.setting.title,
      model: contestant.label,
      values,
      epochs,
      score: Number.isNaN(score) ? null : score,
    });
  return score;
}

async function withRetries(run: () => Promise<number>, retries: number): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof WorkerLost) || attempt >= retries) throw error;
    }
  }
}
