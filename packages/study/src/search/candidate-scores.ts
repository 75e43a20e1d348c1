import type { Release } from '@polytask/core';
import type { ModelVariant } from '../models/model-variant.ts';
import { withRetries } from '../trials/executor.ts';
import { underClaim } from '../trials/places.ts';
import { type OpenSetting, plan } from '../trials/plan.ts';
import type { RunTrialsOptions } from '../trials/run-trials.ts';
import { contentKey, trainingOf } from '../trials/trial-key.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import type { Hyperparameters } from './space.ts';

/** A tried configuration: a line of search.jsonl. */
export interface SearchLine {
  /** A hash of all that the score depends on. */
  readonly key: string;
  readonly setting: string;
  readonly model: string;
  readonly values: Hyperparameters;
  readonly epochs: number;
  /** The score on the validation rows. null if the training failed. */
  readonly score: number | null;
  /** The seconds from the start of a search with a time limit to the end of this training. */
  readonly elapsed?: number;
}

/** Stores the scores of searches, so that a stopped search can resume. */
export interface ScoreStore {
  /** The line of a key. Undefined for an untried configuration. */
  line(key: string): SearchLine | undefined;
  /** The line of a key in other runs. A search copies its score. */
  otherLine(key: string): SearchLine | undefined;
  append(line: SearchLine): Promise<void>;
  /**
   * Claims a configuration, so that no other run with the store trains it meanwhile. Then `line` knows the scores of other runs.
   *
   * @returns a function that ends the claim; undefined while another run has it
   */
  claim(key: string): Promise<Release | undefined>;
}

export interface SearchModelsOptions extends Omit<RunTrialsOptions, 'store' | 'log'> {
  /** The store of the scores. Default: none. */
  readonly scores?: ScoreStore | undefined;
}

/** A stored or new score. NaN if the configuration can't be built, diverges, or loses its process. */
export interface Score {
  readonly score: number;
  /** The line in the store. Undefined for a new score. */
  readonly stored: SearchLine | undefined;
}

/** How {@link scoreOf} trains. */
export interface ScoreOptions extends SearchModelsOptions {
  onError(error: unknown): void;
  /** The clock of a search with a time limit: its seconds so far, for the store. */
  readonly elapsed?: () => number;
}

/**
 * The stored score of a configuration, or a new one.
 *
 * @throws the reason of the signal; ClaimedElsewhere while another run trains the configuration, for `atPlaces`
 */
export async function scoreOf(
  open: OpenSetting,
  model: ModelVariant,
  values: Hyperparameters,
  epochs: number,
  options: ScoreOptions,
): Promise<Score> {
  const { executor, retries = 1, signal, scores, force = false, onError, elapsed } = options;
  let spec: TrialSpec;
  try {
    spec = candidateSpec(open, model, values, epochs);
  } catch (error) {
    onError(error);
    return { score: NaN, stored: undefined };
  }
  const { key } = spec;
  const known = () => {
    const stored = force ? undefined : scores?.line(key);
    return stored && { score: stored.score ?? NaN, stored };
  };
  const train = async () => {
    try {
      const other = force ? undefined : scores?.otherLine(key);
      return other ? (other.score ?? NaN) : await withRetries(() => executor.score(spec, { signal }), retries);
    } catch (error) {
      signal?.throwIfAborted();
      onError(error);
      return NaN;
    }
  };
  const before = known();
  if (before) return before;
  if (!scores) return { score: await train(), stored: undefined };
  return underClaim(await scores.claim(key), async () => {
    const since = known();
    if (since) return since;
    const score = await train();
    await scores.append({
      ...{ key, setting: open.setting.title, model: model.label, values, epochs },
      score: Number.isNaN(score) ? null : score,
      ...(elapsed && { elapsed: elapsed() }),
    });
    return { score, stored: undefined };
  });
}

/** The stored score of a configuration. NaN if it failed or can't be built, undefined if it is untried. */
export function storedScore(
  open: OpenSetting,
  model: ModelVariant,
  values: Hyperparameters,
  epochs: number,
  scores: ScoreStore | undefined,
): number | undefined {
  let key: string;
  try {
    ({ key } = candidateSpec(open, model, values, epochs));
  } catch {
    return NaN;
  }
  const line = scores?.line(key);
  return line && (line.score ?? NaN);
}

/**
 * The trial of a configuration on the rows of the suite's first seed. Its key is a hash of all that the score depends on.
 *
 * @throws PolytaskError when the configuration can't be built
 */
function candidateSpec(open: OpenSetting, model: ModelVariant, values: Hyperparameters, epochs: number): TrialSpec {
  const [spec] = plan(open, [model], [open.suite.searchSeed], new Map([[model.label, values]])) as [TrialSpec];
  const { seed, engine, mode } = spec;
  const config = { ...spec.config, training: { ...spec.config.training, epochs } };
  const { rate, balancing, size: _, chosen: __, ...parts } = config.model;
  const job = { seed, parts, balancing, training: trainingOf(config), rate, engine: mode };
  return { ...spec, config, key: contentKey({ data: config.data, engine, job }) };
}
