import { fail } from '@polytask/core';
import { scoresOfPart } from '../predictions/tested-scores.ts';
import type { PredictionStore, TrialPredictions, TrialResult } from '../results/trial-result.ts';
import { type OpenedData, testRowsOf } from '../trials/open-data.ts';
import type { OpenSetting } from '../trials/plan.ts';
import type { Environment } from '../trials/test-model.ts';
import { metricNames } from '../summary/metric-entries.ts';
import { contentKey, trialKey } from '../results/trial-key.ts';
import { type ExternalModel, joinLabels, positionsOf } from './external-model.ts';
import type { SuiteData } from '../suites/suite-entry.ts';

export interface ExternalTrialsOptions {
  readonly externals: readonly ExternalModel[];
  readonly data: OpenedData;
  readonly environment: Environment;
  /** Takes the predictions, each before its trial is returned. Default: they are not kept. */
  readonly predictions?: PredictionStore | undefined;
}

/**
 * Measures models that were trained elsewhere, from their predictions: a trial for each model and seed.
 *
 * @throws PolytaskError when predictions are missing, or are of other rows
 * @example const trials = await externalTrials(setting, { externals: [lightgbm], data, environment: { versions: {} } });
 */
export async function externalTrials(setting: OpenSetting, options: ExternalTrialsOptions): Promise<TrialResult[]> {
  const { externals, predictions: store } = options;
  checkNames(externals, setting.suite.order);
  const trials: TrialResult[] = [];
  for (const seed of setting.suite.seeds) {
    for (const external of externals) {
      const { predictions, ...trial } = await externalTrial(external, setting, seed, options);
      await store?.write(trialKey(trial), predictions);
      trials.push(trial);
    }
  }
  return trials;
}

function checkNames(externals: readonly ExternalModel[], labels: readonly string[]): void {
  const names = externals.map(({ name }) => name);
  const taken = names.find((name, i) => labels.includes(name) || names.indexOf(name) !== i);
  if (taken === undefined) return;
  fail({
    expected: 'a name of its own for each model that was trained elsewhere',
    received: `"${taken}", which another model has`,
    fix: 'Choose another name.',
  });
}

async function externalTrial(
  external: ExternalModel,
  { suite, title, engine, request, common }: OpenSetting,
  seed: number,
  { data, environment }: ExternalTrialsOptions,
): Promise<TrialResult & { readonly predictions: TrialPredictions }> {
  const rows = await data.rows(request, seed);
  const { train, validation } = rows;
  const { tasks } = train.schema;
  const read = await external.read(title, seed, tasks);
  const positions = positionsOf(read);
  const testId = rowIds(common.data, seed, 'test');
  const validationId = rowIds(common.data, seed, 'validation');
  const test = testRowsOf(rows);
  const onTest = joinLabels(read, positions, test.rows, testId, test.groups);
  const hasValidation = validation.size > 0 && positions.has(validationId(0));
  const onValidation = hasValidation ? joinLabels(read, positions, validation, validationId) : undefined;
  checkOthers(read.source, positions.size - onTest.size - (onValidation?.size ?? 0));
  return {
    ...(title !== '' && { setting: title }),
    ...{ suite: suite.name, model: external.name, parts: { model: external.name }, seed, engine: engine.name },
    config: { ...common, model: { network: { external: external.name, predictions: contentKey(read) }, rate: 1 } },
    ...environment,
    ...scoresOfPart(tasks, onTest, metricNames(tasks, test.groups !== undefined)),
    ...{ parameters: 0, seconds: 0, epochs: 0, bestEpoch: 0, curve: [], fusion: [] }, // not known
    predictions: { tasks, validation: onValidation, test: onTest },
  };
}

function checkOthers(source: string, others: number): void {
  if (others === 0) return;
  fail({
    expected: `predictions of all test rows, and of all validation rows or none, in ${source}`,
    received: `${others} rows more`,
    fix: 'Write one file for each seed, with the rows that polytask split wrote for it.',
  });
}

/** The parts of the rows of one seed. */
export type RowPart = 'train' | 'validation' | 'test';

/**
 * The ids of the rows of one part. An id names the data with the hash of its rows, the seed and the part. So predictions of other rows
 * are told apart, and those of the same rows in another order.
 *
 * @param config the description that identifies the data
 * @returns the id of the row with a 0-based index, such as `9f86d081-17`
 * @example rowIds({ set: 'toy' }, 1, 'test')(17)
 */
export function rowIds(config: SuiteData['config'], seed: number, part: RowPart): (row: number) => string {
  const prefix = contentKey({ data: config, seed, part }).slice(0, 8);
  return (row) => `${prefix}-${row}`;
}
