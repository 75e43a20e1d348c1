import { fail, type Tasks } from '@polytask/core';
import { encode } from '@polytask/data';
import { evaluate } from '@polytask/training';
import { type ExternalPredictions, indexed, meanOf, rowIds } from '../predictions/external-predictions.ts';
import { inSampleFindings } from '../predictions/in-sample.ts';
import { scoresOfPart } from '../predictions/tested-scores.ts';
import {
  type PredictionStore,
  type TrialPredictions,
  type TrialResult,
  contentKey,
  trialKey,
} from '../results/trial-result.ts';
import { type OpenedData, rowsOfSpec, testRowsOf } from '../trials/open-data.ts';
import { type OpenSetting, planTrials } from '../trials/plan.ts';
import { type Environment, parametersOf, type TestedModel } from '../trials/test-model.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import { TEACHER } from '../models/models.ts';
import { metricNames } from '../summary/metric-entries.ts';

/** A model that was trained elsewhere. Its predictions make it a row of the tables. */
export interface ExternalModel {
  /** The name of the row. */
  readonly name: string;
  /**
   * Reads the predictions of the model that was trained on the training rows of a seed: of all test rows, and perhaps of all validation rows.
   *
   * @param setting the title of the table; '' for a suite with one setting
   * @param tasks the tasks to predict, for the names of the columns
   * @throws PolytaskError when there are none
   */
  read(setting: string, seed: number, tasks: Tasks): Promise<ExternalPredictions>;
}

export interface ExternalTrialsOptions {
  readonly externals: readonly ExternalModel[];
  readonly data: OpenedData;
  readonly environment: Environment;
  /** Takes the predictions, each before its trial is returned. Default: they are not kept. */
  readonly predictions?: PredictionStore | undefined;
  /** Receives why a teacher has no trials. */
  readonly onNote?: ((message: string) => void) | undefined;
}

/** Measures models that were trained elsewhere, and the teacher from outside of the setting if it has one: a trial for each model and seed. */
export async function externalTrials(setting: OpenSetting, options: ExternalTrialsOptions): Promise<TrialResult[]> {
  const { externals, predictions: store } = options;
  checkNames(externals, [...setting.suite.order, ...(setting.teachers ? [TEACHER] : [])]);
  const trials: TrialResult[] = [];
  for (const seed of setting.suite.seeds) {
    const taught = setting.teachers ? [() => teacherTrial(setting, seed, options)] : [];
    for (const measure of [...taught, ...externals.map((each) => () => externalTrial(each, setting, seed, options))]) {
      const measured = await measure();
      if (!measured) continue;
      const { predictions, ...trial } = measured;
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

type PredictedTrial = TrialResult & { readonly predictions: TrialPredictions };

async function externalTrial(
  external: ExternalModel,
  setting: OpenSetting,
  seed: number,
  { data, environment }: ExternalTrialsOptions,
): Promise<PredictedTrial> {
  const { title, request, common } = setting;
  const rows = await data.rows(request, seed);
  const { train, validation } = rows;
  const { tasks } = train.schema;
  const read = await external.read(title, seed, tasks);
  const predicted = indexed(read);
  const testId = rowIds(common.data, seed, 'test');
  const validationId = rowIds(common.data, seed, 'validation');
  const test = testRowsOf(rows);
  const onTest = predicted.join(test.rows, testId, test.groups);
  const hasValidation = validation.size > 0 && predicted.has(validationId(0));
  const onValidation = hasValidation ? predicted.join(validation, validationId) : undefined;
  const trainId = rowIds(common.data, seed, 'train'); // a teacher predicts the training rows, too
  const onTrain = Array.from({ length: train.size }, (_, row) => trainId(row)).filter((id) => predicted.has(id));
  const others = predicted.size - onTest.size - (onValidation?.size ?? 0) - onTrain.length;
  if (others > 0)
    fail({
      expected: `predictions of all test rows, and of all validation rows or none, in ${read.source}`,
      received: `${others} rows more`,
      fix: 'Write one file for each seed, with the rows that polytask split wrote for it.',
    });
  const network = { external: external.name, predictions: contentKey(read) };
  const predictions = { tasks, validation: onValidation, test: onTest };
  return { ...predictedTrial(setting, seed, external.name, network, predictions), ...environment };
}

/** The trial of a teacher from outside; undefined if it lacks a task. */
async function teacherTrial(
  setting: OpenSetting,
  seed: number,
  { data, environment, onNote }: ExternalTrialsOptions,
): Promise<PredictedTrial | undefined> {
  const [spec] = planTrials(setting, setting.suite.models.slice(0, 1), [{ seed }]) as [TrialSpec];
  const { test, byTask, parameters, warnings } = await testTeacher(data, spec);
  const { tasks } = test.rows.schema;
  const missing = Object.keys(tasks).filter((name) => !(name in byTask));
  if (missing.length > 0) {
    onNote?.(`The teacher ${spec.teacher!.paths[0]} has no task ${missing.join(', ')}, so the table has no row of it.`);
    return undefined;
  }
  const onTest = { size: test.rows.size, groups: test.groups, byTask };
  const predictions = { tasks, validation: undefined, test: onTest };
  const network = { teacher: spec.teacher!.id };
  const trial = predictedTrial(setting, seed, TEACHER, network, predictions);
  return { ...trial, ...environment, parameters, warnings: [...trial.warnings, ...warnings] };
}

/** The teacher from outside of a trial on the test rows, with warnings about its predictions. Call it after all choices. */
export async function testTeacher(data: OpenedData, spec: TrialSpec) {
  const rows = await rowsOfSpec(data, spec);
  const test = testRowsOf(rows);
  const { tasks } = rows.train.schema;
  const model = await data.openTeacher!(spec, tasks);
  if ('length' in model) {
    const parts = meanOf(model, rows, spec.config.data, spec.seed);
    return { test, byTask: parts.test.byTask, parameters: 0, warnings: inSampleFindings(tasks, parts) };
  }
  try {
    const encoded = rows.raw ? encode(rows.raw().test, model.schema) : test.rows;
    const { predictions: byTask } = await evaluate(model, encoded, { engine: spec.mode, predictions: true });
    return { test, byTask: byTask as TestedModel['predictions'], parameters: await parametersOf(model), warnings: [] };
  } finally {
    model.dispose();
  }
}

/** The trial of predictions. Its size, time and epochs aren't known. */
const predictedTrial = (
  { suite, title, engine, common }: OpenSetting,
  seed: number,
  model: string,
  network: object,
  predictions: TrialPredictions,
): Omit<PredictedTrial, 'versions'> => ({
  ...(title !== '' && { setting: title }),
  ...{ suite: suite.name, model, parts: { model }, seed, engine: engine.name },
  config: { ...common, model: { network, rate: 1 } },
  ...scoresOfPart(
    predictions.tasks,
    predictions.test,
    metricNames(predictions.tasks, predictions.test.groups !== undefined),
  ),
  ...{ parameters: 0, seconds: 0, epochs: 0, bestEpoch: 0, curve: [], fusion: [] },
  predictions,
});
