import { staticWeights } from '@polytask/balancing';
import type { Finding } from '@polytask/components';
import type { Schema } from '@polytask/core';
import { matchedSizes } from '../budgets/budget.ts';
import { type ModelSize, modelSize, type Hyperparameters } from '../models/models.ts';
import { type ModelVariant, partsOf } from '../models/model-variant.ts';
import { limitNotes } from '../suites/row-counts.ts';
import type { Setting, Suite } from '../suites/suite.ts';
import { type TrainingChoices, trainingIn } from '../training/choices.ts';
import { foldNumbers, type TrialRows } from '../results/folds.ts';
import type { OpenedData } from './open-data.ts';
import { selectionFor } from './train-model.ts';
import { contentKey, scoreKey, settingKey, trialKey, type TrialConfig } from '../results/trial-result.ts';
import type { CodeOf, DataRequest, TrainingMode, TrialSpec } from './trial-spec.ts';

export interface TrialEngine {
  readonly name: string;
  readonly mode: TrainingMode;
}

/** A setting of a suite with its data: all that the plan of one table needs. */
export interface OpenSetting extends Setting {
  /** The suite, with the models of the setting. */
  readonly suite: Suite;
  readonly engine: TrialEngine;
  readonly request: DataRequest;
  readonly tasks: readonly string[];
  readonly contexts: readonly string[];
  readonly notes: readonly Finding[];
  readonly code: CodeOf;
  /** The common part of the trials' configurations. */
  readonly common: Omit<TrialConfig, 'model'>;
  readonly key: string;
  /** The rows that a search trains and chooses on: those of the suite's first seed. With folds, each has a search of its own. */
  readonly searched: TrialRows;
  /** The schema of the models' rows. Undefined for a setting without matched widths. */
  readonly schema: Schema | undefined;
}

/**
 * Opens the data of a setting, so that its trials can be planned.
 *
 * @param code hashes the code of components from outside. Default: their code is not known
 * @throws PolytaskError when the data can't be read
 * @example const setting = await openSetting(suite, suite.settings[0]!, { name: 'cpu', mode: 'eager' }, data);
 */
export async function openSetting(
  suite: Suite,
  setting: Setting,
  engine: TrialEngine,
  source: OpenedData,
  code: CodeOf = () => undefined,
): Promise<OpenSetting> {
  const { entry, files, directory, limitRows, folds, search, searchSeed } = suite;
  const { data, tasks, size, match, training } = setting;
  const request: DataRequest = { suite: entry.name, files, directory, limitRows, data, tasks, folds };
  const suiteData = await source.data(request);
  const common = {
    data: suiteData.config,
    training: { ...training, selection: selectionFor(suiteData.tasks) },
    size,
    ...(match && { match }),
    ...(search && { search: { ...search } }),
  };
  const searched: TrialRows = { seed: searchSeed, ...(folds && { fold: 1 }) };
  const models = suite.models.filter(({ label }) => setting.models?.includes(label) ?? true);
  return {
    ...setting,
    suite: { ...suite, models },
    engine,
    request,
    code,
    tasks: Object.keys(suiteData.tasks),
    contexts: suiteData.context ?? [],
    notes: [...limitNotes(suiteData, limitRows), ...(suiteData.notes?.() ?? [])],
    common,
    key: settingKey({ suite: suite.name, engine: engine.name, config: common }),
    searched,
    schema:
      match === undefined ? undefined : (await source.rows(request, searchSeed, undefined, searched.fold)).train.schema,
  };
}

/** The rows of a suite's trials: those of its seeds, or the folds of each. */
export const rowsOf = ({ seeds, folds }: Pick<Suite, 'seeds' | 'folds'>): TrialRows[] =>
  seeds.flatMap((seed) => foldNumbers(folds).map((fold) => ({ seed, fold })));

/**
 * Plans the trials of models, seed by seed and fold by fold, so that the rows of each are made once and a stopped run has whole seeds.
 *
 * @param rows the seeds, or folds of seeds, to train on. Default: those of the suite
 * @param chosen the hyper-parameters that a search chose, by model
 * @throws PolytaskError when a model can't be built at its size
 * @example const specs = planTrials(await openSetting(suite, suite.settings[0]!, engine, data));
 */
export function planTrials(
  open: OpenSetting,
  models: readonly ModelVariant[] = open.suite.models,
  rows: readonly TrialRows[] = rowsOf(open.suite),
  chosen: ReadonlyMap<string, Hyperparameters> = new Map(),
): TrialSpec[] {
  const { suite, title, engine, request, code: codeOf, tasks, contexts, common } = open;
  const variants = models.map((model) => withSize(model, chosen.get(model.label)));
  const sizes = sizesOf(variants, open);
  const configs = variants.map((model, i): TrialSpec['config'] => {
    const [size, values] = [sizes[i]!, chosen.get(model.label)];
    const balancing = values?.taskWeights ? staticWeights(values.taskWeights) : model.balancing;
    const modelConfig = {
      ...partsOf({ ...model, size: {} }, size, tasks, contexts),
      rate: model.entry.rate ?? 1,
      ...(balancing && { balancing }),
      ...(contentKey(size) !== contentKey(open.size) && { size }),
      ...(values && { chosen: { ...values } }),
    };
    const code = codeOf({ ...common, model: modelConfig });
    return { ...common, model: { ...modelConfig, ...(code !== undefined && { code }) } };
  });
  return rows.flatMap(({ seed, fold }, row) =>
    models.map(({ label, parts }, i): TrialSpec => {
      const ofRows = { seed, ...(fold && { fold }) };
      const identity = { suite: suite.name, model: label, ...ofRows, engine: engine.name, config: configs[i]! };
      const teacher = open.teachers?.get(seed);
      return {
        key: trialKey(identity),
        ...identity,
        ...{ setting: title, request, mode: engine.mode, parts, measures: 'test' },
        ...(teacher && { teacher }),
        ...(row === 0 && { diagnosed: true }), // a fault of a model shows with any seed
      };
    }),
  );
}

/** How long a search trains a configuration, where that differs from the setting. */
export type TrainingLength = Pick<TrainingChoices, 'epochs' | 'trainingRows'>;

/**
 * Plans the trial that a search tries a configuration by: on the validation rows that it chooses on.
 *
 * @throws PolytaskError when the model can't be built with these values
 */
export function candidate(
  open: OpenSetting,
  model: ModelVariant,
  values: Hyperparameters,
  length: TrainingLength,
): TrialSpec {
  const [spec] = planTrials(open, [model], [open.searched], new Map([[model.label, values]])) as [TrialSpec];
  const training = { ...spec.config.training, ...trainingIn(length) } as TrialConfig['training'];
  const config = { ...spec.config, training };
  const trial = { ...spec, config, measures: 'validation' } as const;
  return { ...trial, key: scoreKey(trial) };
}

function withSize(model: ModelVariant, values: Hyperparameters = {}): ModelVariant {
  const size = Object.entries(values).filter(([name]) => name in modelSize);
  return { ...model, size: { ...model.size, ...Object.fromEntries(size) } };
}

function sizesOf(models: readonly ModelVariant[], { size, match, schema, suite }: OpenSetting): ModelSize[] {
  if (match && schema) return matchedSizes(models, { size, match, schema, candidates: suite.allModels });
  return models.map((model) => ({ ...size, ...model.size }));
}
