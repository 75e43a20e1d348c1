import { isDeepStrictEqual } from 'node:util';
import { staticWeights } from '@polytask/balancing';
import type { Schema } from '@polytask/core';
import { matchedSizes } from '../budgets/budget.ts';
import { partsOf, type Contestant } from '../models/model-entry.ts';
import { limitNotes } from '../guards/limit-notes.ts';
import type { DataNote } from '../guards/warning.ts';
import type { ModelSize } from '../models/model-row.ts';
import type { Setting, SuitePlan } from '../plan-suite.ts';
import type { RunOptions } from '../run-options.ts';
import type { Hyperparameters } from '../search/space.ts';
import type { OpenedData } from './open-data.ts';
import { selectionFor } from './train-model.ts';
import type { DataRequest, TrialJob } from './trial-job.ts';
import { settingKey, type TrialIdentity } from './trial-key.ts';
import type { TrialConfig } from './trial.ts';

/** A setting with what its data says. */
export interface OpenSetting {
  readonly setting: Setting;
  readonly request: DataRequest;
  readonly tasks: readonly string[];
  /** What is odd about the data. */
  readonly notes: readonly DataNote[];
  /** What the configurations of all its trials have in common. */
  readonly common: Omit<TrialConfig, 'model'>;
  /** Where widths are to be matched: what the models will read. */
  readonly schema: Schema | undefined;
}

/** A trial before it is run: what it will be called, and what is to be done. */
export interface DeclaredTrial {
  readonly setting: string;
  readonly identity: TrialIdentity;
  readonly job: TrialJob;
}

/** What a run's engine is called, and how it trains. */
export interface RunEngine {
  readonly name: string;
  readonly training: TrialJob['engine'];
}

export async function openSetting(
  setting: Setting,
  plan: SuitePlan,
  { directory, limitRows }: RunOptions,
  opened: OpenedData,
): Promise<OpenSetting> {
  const { suite, search, searchSeed } = plan;
  const { data, tasks, size, match, training } = setting;
  const request: DataRequest = { suite: suite.row.name, files: suite.files, directory, limitRows, data, tasks };
  const known = await opened.data(request);
  const schema = match === undefined ? undefined : (await opened.rows(request, searchSeed)).train.schema;
  const common = {
    data: known.config,
    training: { ...training, selection: selectionFor(known.tasks) },
    size,
    ...(match && { match }),
    ...(search && { search: { ...search } }),
  };
  return {
    setting,
    request,
    tasks: Object.keys(known.tasks),
    notes: [...limitNotes(known, limitRows), ...(known.notes?.() ?? [])],
    common,
    schema,
  };
}

/**
 * Trials of models, seed by seed: each seed's rows are made once, and a stopped run has whole seeds.
 *
 * @param chosen by model: what a search has found for it
 */
export function jobsOf(
  open: OpenSetting,
  { suite, known }: SuitePlan,
  engine: RunEngine,
  contestants: readonly Contestant[],
  seeds: readonly number[],
  chosen: ReadonlyMap<string, Hyperparameters>,
): DeclaredTrial[] {
  const { setting, request, tasks, common } = open;
  const sized = contestants.map((contestant) => withSize(contestant, chosen.get(contestant.label)));
  const sizes = sizesOf(sized, open, known);
  const built = sized.map((contestant, i) => ({
    contestant,
    own: sizes[i]!,
    parts: partsOf({ ...contestant, size: {} }, sizes[i]!, tasks),
  }));
  return seeds.flatMap((seed) =>
    built.map(({ contestant: { label, row, balancing: declared }, own, parts }): DeclaredTrial => {
      const { rate = 1 } = row;
      const values = chosen.get(label);
      const balancing = values?.taskWeights ? staticWeights(values.taskWeights) : declared;
      const model = {
        ...parts,
        rate,
        ...(balancing && { balancing }),
        ...(!isDeepStrictEqual(own, setting.size) && { size: own }),
        ...(values && { chosen: { ...values } }),
      };
      const { learningRate = common.training.learningRate, batchSize = common.training.batchSize } = values ?? {};
      return {
        setting: setting.title,
        identity: { suite: suite.name, model: label, seed, engine: engine.name, config: { ...common, model } },
        job: {
          request,
          seed,
          parts,
          ...(balancing && { balancing }),
          training: { ...common.training, learningRate, batchSize },
          rate,
          engine: engine.training,
        },
      };
    }),
  );
}

/** The key that the trials of a setting have in common. */
export const keyOf = ({ common }: OpenSetting, { suite }: SuitePlan, engine: RunEngine): string =>
  settingKey({ suite: suite.name, engine: engine.name, config: { ...common, model: { network: undefined, rate: 1 } } });

function withSize(contestant: Contestant, values: Hyperparameters = {}): Contestant {
  const { learningRate: _, batchSize: __, taskWeights: ___, ...size } = values;
  return { ...contestant, size: { ...contestant.size, ...size } };
}

function sizesOf(
  contestants: readonly Contestant[],
  { setting: { size, match }, schema }: OpenSetting,
  candidates: readonly Contestant[],
): ModelSize[] {
  if (match && schema) return matchedSizes(contestants, { size, match, schema, candidates });
  return contestants.map((contestant) => ({ ...size, ...contestant.size }));
}
