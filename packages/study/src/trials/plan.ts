import { staticWeights } from '@polytask/balancing';
import type { Schema } from '@polytask/core';
import { matchedSizes } from '../budgets/budget.ts';
import { limitNotes } from '../guards/limit-notes.ts';
import type { DataNote } from '../guards/warning.ts';
import type { ModelSize } from '../models/model-row.ts';
import { partsOf, type ModelVariant } from '../models/model-variant.ts';
import type { Hyperparameters } from '../search/space.ts';
import type { Setting, Suite } from '../suites/suite.ts';
import type { OpenedData } from './open-data.ts';
import { selectionFor } from './train-model.ts';
import { contentKey, settingKey, trialKey } from './trial-key.ts';
import type { TrialConfig } from './trial-result.ts';
import type { DataRequest, SpecConfig, TrainingMode, TrialSpec } from './trial-spec.ts';

/** What trials run on, and how `fit` trains there. */
export interface TrialEngine {
  /** As results name it. */
  readonly name: string;
  readonly mode: TrainingMode;
}

/** A setting of a suite with what its data says: the ground of one table. */
export interface OpenSetting {
  readonly suite: Suite;
  readonly setting: Setting;
  readonly engine: TrialEngine;
  readonly request: DataRequest;
  readonly tasks: readonly string[];
  /** What is odd about the data. */
  readonly notes: readonly DataNote[];
  /** What the configurations of all its trials have in common. */
  readonly common: Omit<TrialConfig, 'model'>;
  /** The `settingKey` of all its trials. */
  readonly key: string;
  /** Where widths are to be matched: what the models will read. */
  readonly schema: Schema | undefined;
}

/** Opens the data of a setting, as far as the plan of its trials depends on it. */
export async function openSetting(
  suite: Suite,
  setting: Setting,
  engine: TrialEngine,
  opened: OpenedData,
): Promise<OpenSetting> {
  const { row, files, directory, limitRows, search, searchSeed } = suite;
  const { data, tasks, size, match, training } = setting;
  const request: DataRequest = { suite: row.name, files, directory, limitRows, data, tasks };
  const described = await opened.data(request);
  const common = {
    data: described.config,
    training: { ...training, selection: selectionFor(described.tasks) },
    size,
    ...(match && { match }),
    ...(search && { search: { ...search } }),
  };
  return {
    suite,
    setting,
    engine,
    request,
    tasks: Object.keys(described.tasks),
    notes: [...limitNotes(described, limitRows), ...(described.notes?.() ?? [])],
    common,
    key: settingKey({
      suite: suite.name,
      engine: engine.name,
      config: { ...common, model: { network: null, rate: 1 } },
    }),
    schema: match === undefined ? undefined : (await opened.rows(request, searchSeed)).train.schema,
  };
}

/**
 * Plans the trials of models, seed by seed: each seed's rows are made once, and a stopped run has whole seeds.
 *
 * @param chosen by model: what a search has chosen
 * @throws PolytaskError when a model can't be built at its size
 * @example const specs = plan(await openSetting(suite, suite.settings[0]!, engine, data));
 */
export function plan(
  { suite, setting, engine, request, tasks, common, schema }: OpenSetting,
  models: readonly ModelVariant[] = suite.models,
  seeds: readonly number[] = suite.seeds,
  chosen: ReadonlyMap<string, Hyperparameters> = new Map(),
): TrialSpec[] {
  const sized = models.map((model) => withSize(model, chosen.get(model.label)));
  const sizes = sizesOf(sized, setting, schema, suite.allModels);
  const configs = sized.map((model, i): [label: string, config: SpecConfig] => {
    const [size, values] = [sizes[i]!, chosen.get(model.label)];
    const balancing = values?.taskWeights ? staticWeights(values.taskWeights) : model.balancing;
    const declared = {
      ...partsOf({ ...model, size: {} }, size, tasks),
      rate: model.row.rate ?? 1,
      ...(balancing && { balancing }),
      ...(contentKey(size) !== contentKey(setting.size) && { size }),
      ...(values && { chosen: { ...values } }),
    };
    return [model.label, { ...common, model: declared }];
  });
  return seeds.flatMap((seed) =>
    configs.map(([model, config]): TrialSpec => {
      const identity = { suite: suite.name, model, seed, engine: engine.name, config };
      return { key: trialKey(identity), setting: setting.title, ...identity, request, mode: engine.mode };
    }),
  );
}

function withSize(model: ModelVariant, values: Hyperparameters = {}): ModelVariant {
  const { learningRate: _, batchSize: __, taskWeights: ___, ...size } = values;
  return { ...model, size: { ...model.size, ...size } };
}

function sizesOf(
  models: readonly ModelVariant[],
  { size, match }: Setting,
  schema: Schema | undefined,
  candidates: readonly ModelVariant[],
): ModelSize[] {
  if (match && schema) return matchedSizes(models, { size, match, schema, candidates });
  return models.map((model) => ({ ...size, ...model.size }));
}
