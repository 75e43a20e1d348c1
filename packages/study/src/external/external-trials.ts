import { mapValues, suggestion } from '@polytask/components';
import { type Examples, fail, labelsOf, predictionTypeOf, type Task, type Tasks } from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import { scoresOfPart } from '../predictions/tested-scores.ts';
import {
  type PredictionStore,
  type TrialPredictions,
  type TrialResult,
  type PartPredictions,
  contentKey,
  trialKey,
} from '../results/trial-result.ts';
import { type OpenedData, rowsOfSpec, testRowsOf } from '../trials/open-data.ts';
import { type OpenSetting, planTrials } from '../trials/plan.ts';
import { type Environment, parametersOf, type TestedModel } from '../trials/test-model.ts';
import type { TrialSpec } from '../trials/trial-spec.ts';
import { TEACHER } from '../models/models.ts';
import { metricNames } from '../summary/metric-entries.ts';
import type { SuiteData } from '../suites/suite-entry.ts';
import { encode } from '@polytask/data';
import { evaluate, type TaskPredictions } from '@polytask/training';

/** A model that was trained elsewhere. Its predictions make it a row of the tables. */
export interface ExternalModel {
  /** The name of the row. */
  readonly name: string;
  /**
   * Reads the predictions of the model that was trained on the training rows of a seed.
   *
   * @param setting the title of the table; '' for a suite with one setting
   * @param tasks the tasks to predict, for the names of the columns
   * @throws PolytaskError when there are none
   */
  read(setting: string, seed: number, tasks: Tasks): Promise<ExternalPredictions>;
}

/** Predictions by the ids of the rows: of all test rows, and perhaps of all validation rows. */
export interface ExternalPredictions {
  /** Their file, for errors. */
  readonly source: string;
  /** The id of each row, in any order: see `rowIds`. */
  readonly ids: readonly string[];
  /** By name, a number for each id: `TASK`, or `TASK[0]`, `TASK[1]`, … for the classes of a multiclass task. */
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
}

/** The names of the columns with a task's predictions: `TASK`, or `TASK[0]`, `TASK[1]`, … the probabilities of its classes. */
export function predictionColumns(name: string, task: Task): string[] {
  const { names } = predictionTypeOf(task);
  return names.length > 0 ? names.map((_, i) => `${name}[${i}]`) : [name];
}

/** The position of each id. @throws PolytaskError for an id that occurs twice */
function positionsOf({ ids, source }: ExternalPredictions): ReadonlyMap<string, number> {
  const positions = new Map(ids.map((id, at) => [id, at]));
  if (positions.size === ids.length) return positions;
  const repeated = ids.find((id, at) => positions.get(id) !== at);
  return fail({
    expected: `each row id once in ${source}`,
    received: `"${repeated}" twice`,
    fix: 'Write one prediction for each row.',
  });
}

/** Joins predictions with the labels of the rows of one part. */
function joinLabels(
  external: ExternalPredictions,
  positions: ReadonlyMap<string, number>,
  examples: Examples,
  idOf: (row: number) => string,
  groups?: PartPredictions['groups'],
): PartPredictions {
  const { size, schema } = examples;
  const every = Uint32Array.from({ length: size }, (_, row) => row);
  const at = every.map((row) => positions.get(idOf(row)) ?? missingRow(external, idOf(row)));
  const all = examples.batch(every);
  const byTask = mapValues(schema.tasks, (task, name): TaskPredictions => {
    const { labels, weights } = labelsOf(all, name);
    const columns = predictionColumns(name, task).map((column) => columnOf(external, column, schema.tasks));
    const rows = every.filter((row) => weights[row]! > 0);
    const value = (column: ArrayLike<number>, row: number) =>
      checked(column[at[row]!]!, task, name, idOf(row), external);
    return {
      rows,
      labels: decodedLabels(
        task,
        Float64Array.from(rows, (row) => labels[row]!),
      ),
      weights: Float64Array.from(rows, (row) => weights[row]!),
      predictions: Float64Array.from(Array.from(rows).flatMap((row) => columns.map((column) => value(column, row)))),
    };
  });
  return { size, groups, byTask };
}

const missingRow = ({ source, ids }: ExternalPredictions, id: string): never =>
  fail({
    expected: `a prediction for row "${id}" in ${source}`,
    received: ids.length === 0 ? 'no rows' : `rows such as "${ids[0]}"`,
    fix: 'Predict the test rows that polytask split wrote for this data, these tasks and this seed.',
  });

function columnOf({ columns, source }: ExternalPredictions, name: string, tasks: Tasks): ArrayLike<number> {
  if (Object.hasOwn(columns, name)) return columns[name]!;
  return fail({
    expected: `column "${name}" in ${source}`,
    received: `the columns ${Object.keys(columns).join(', ')}`,
    fix: `Each of ${Object.keys(tasks).join(', ')} needs its predictions. ${suggestion(name, Object.keys(columns))}`,
  });
}

function checked(value: number, task: Task, name: string, id: string, { source }: ExternalPredictions): number {
  const { isProbability } = predictionTypeOf(task);
  if (isProbability ? value >= 0 && value <= 1 : Number.isFinite(value)) return value;
  return fail({
    expected: `${isProbability ? 'a probability' : 'a number'} for task "${name}" of row "${id}" in ${source}`,
    received: String(value),
    fix: isProbability ? 'Write the probability, not the class or the logit.' : 'Predict in the unit of the label.',
  });
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

/** Measures models that were trained elsewhere, and the saved teacher of the setting if it has one: a trial for each model and seed. */
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
  const positions = positionsOf(read);
  const testId = rowIds(common.data, seed, 'test');
  const validationId = rowIds(common.data, seed, 'validation');
  const test = testRowsOf(rows);
  const onTest = joinLabels(read, positions, test.rows, testId, test.groups);
  const hasValidation = validation.size > 0 && positions.has(validationId(0));
  const onValidation = hasValidation ? joinLabels(read, positions, validation, validationId) : undefined;
  const others = positions.size - onTest.size - (onValidation?.size ?? 0);
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

/** The trial of a saved teacher; undefined if it lacks a task. */
async function teacherTrial(
  setting: OpenSetting,
  seed: number,
  { data, environment, onNote }: ExternalTrialsOptions,
): Promise<PredictedTrial | undefined> {
  const [spec] = planTrials(setting, setting.suite.models.slice(0, 1), [{ seed }]) as [TrialSpec];
  const { test, byTask, parameters } = await testTeacher(data, spec);
  const { tasks } = test.rows.schema;
  const missing = Object.keys(tasks).filter((name) => !(name in byTask));
  if (missing.length > 0) {
    onNote?.(`The teacher ${spec.teacher!.folder} has no task ${missing.join(', ')}, so the table has no row of it.`);
    return undefined;
  }
  const onTest = { size: test.rows.size, groups: test.groups, byTask };
  const predictions = { tasks, validation: undefined, test: onTest };
  const network = { teacher: setting.common.training.teacherModel };
  return { ...predictedTrial(setting, seed, TEACHER, network, predictions), ...environment, parameters };
}

/** The saved teacher of a trial on the test rows. Call it after all choices. */
export async function testTeacher(data: OpenedData, spec: TrialSpec) {
  const rows = await rowsOfSpec(data, spec);
  const test = testRowsOf(rows);
  const model = await data.openTeacher!(spec);
  try {
    const encoded = rows.raw ? encode(rows.raw().test, model.schema) : test.rows;
    const { predictions: byTask } = await evaluate(model, encoded, { engine: spec.mode, predictions: true });
    return { test, byTask: byTask as TestedModel['predictions'], parameters: await parametersOf(model) };
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
