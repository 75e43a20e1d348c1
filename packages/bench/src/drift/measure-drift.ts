import { type Finding, recordOf, sum, optional, text } from '@polytask/components';
import path from 'node:path';
import {
  readOptions,
  fail,
  labelDecoder,
  labelsOf,
  PolytaskError,
  type MultiTaskModel,
  type Options,
  type Predictions,
  type Task,
  type Tasks,
  predictionTypeOf,
} from '@polytask/core';
import {
  encode,
  profileRows,
  readSeenRows,
  sampleStream,
  type RowDrift,
  type RowFormat,
  rawValues,
  readProfile,
  RowCounts,
  rowStream,
} from '@polytask/data';
import { openPredictor } from '@polytask/serving';
import { calibrationError, calibrationOf, calibrationPoints, metricNames, type SeenCount } from '@polytask/study';
import { PredictionCollector, scorePredictions, type TaskPredictions } from '@polytask/training';
import { type EngineOptions, unchecked } from '../run-options.ts';
import { biasOf, byDrift, driftOf, hasDrifted, type LabeledTask } from './drift-findings.ts';
import { type FileReading, readAs, withModel, seenInFile } from '../saved-model.ts';
import { trialOf } from '../model-folder.ts';

/** The options of {@link measureDrift}. */
export interface MeasureDriftOptions extends FileReading, Pick<EngineOptions, 'engine' | 'plugins'> {
  /** A file of rows to compare with, such as those of last month. Default: the rows that the model was trained on. */
  readonly reference?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How rows differ from those that a model was trained on. */
export interface Drift extends RowDrift {
  readonly rows: number;
  /** The file that the rows were compared with; undefined for the rows of the training. */
  readonly reference: string | undefined;
  /** Of the tasks that have labels. */
  readonly labeled: readonly LabeledTask[];
  /** The likely reasons of drifted features, and tasks whose predictions are too low or too high. */
  readonly findings: readonly Finding[];
  /** How many rows the model was trained on. `labeled` is without them. Empty if the folder doesn't say which rows they are. */
  readonly leftOut: readonly SeenCount[];
}

const allowed: Options<MeasureDriftOptions> = {
  reference: optional(text),
  ...unchecked('csv', 'format', 'engine', 'plugins', 'signal'),
};

const SAMPLE = 20_000;
const BATCH_SIZES = [1, 16, 256];

/**
 * Measures how the rows of a file differ from those that a model was trained on: missing and unseen values, and the distribution of each
 * feature and of the predictions. With labels it also measures how right the predictions are, on rows that the model
 * wasn't trained on. The file may be larger than memory,
 * except for its labels.
 *
 * @param folder the folder of a trained model
 * @param file rows like the training rows, with or without labels: CSV, JSON, JSON lines or Parquet
 * @throws PolytaskError for a model without a profile and no `reference`, a missing column, and a cell that doesn't fit
 * @example
 * const { features } = await measureDrift('people-model', 'march.csv');
 * features.filter(({ verdict }) => verdict === 'large').map(({ name }) => name); // ['age']
 */
export async function measureDrift(folder: string, file: string, options: MeasureDriftOptions = {}): Promise<Drift> {
  readOptions(options, allowed, 'measureDrift');
  const { reference, signal } = options;
  return withModel(folder, options, async ({ model, rows: trained }) => {
    const format = readAs(trained, options);
    const tasks = await labeledTasks(file, format);
    const counts = new RowCounts(model.schema, await profileOf(folder, model, format, reference));
    const labels = new Map(Object.keys(tasks).map((task) => [task, new PredictionCollector()]));
    const found = seenInFile(`rows of ${path.basename(file)}`, await readSeenRows(folder));
    const predictor = await openPredictor(model, { batchSizes: BATCH_SIZES });
    try {
      for await (const table of (await rowStream(file, { ...format, tasks }, { labels: true })).tables()) {
        signal?.throwIfAborted();
        const batch = encode(table, model.schema).arrays;
        const predictions: Predictions = await predictor.predict(batch);
        counts.add({ batch, raw: rawValues(table) });
        counts.addPredictions(predictions);
        const isSeen = labels.size > 0 ? found.isSeen(table) : undefined;
        for (const [task, each] of labels) {
          const own = labelsOf(batch, task);
          const decoded = Float64Array.from(own.labels, labelDecoder(model.schema.tasks[task]!));
          const weights = own.weights.map((weight, row) => (isSeen![row] === 1 ? 0 : weight));
          each.add(decoded, predictions[task]!, weights);
        }
      }
    } finally {
      await predictor.dispose();
    }
    const labeled = [...labels].flatMap(([task, each]) => {
      const rows = each.collected();
      return rows.labels.length > 0 ? [{ task, rows }] : [];
    });
    const before = labeled.length > 0 ? (await trialOf(folder))?.metrics : undefined;
    const drift = counts.drift();
    const { tasks: known } = model.schema;
    const measured = labeled.map(({ task, rows }) => labeledTask(task, known, rows, before?.[task]));
    return {
      ...{ rows: counts.rows, reference, ...drift, labeled: measured },
      findings: [
        ...byDrift(drift.features.filter((each) => hasDrifted(each))).flatMap(driftOf),
        ...measured.flatMap((each) => biasOf(each, known[each.task]!)),
      ],
      leftOut: labels.size > 0 ? found.leftOut() : [],
    };
  });
}

async function profileOf(folder: string, model: MultiTaskModel, format: RowFormat, reference: string | undefined) {
  if (reference !== undefined) {
    const { table } = await sampleStream(await rowStream(reference, format), { size: SAMPLE });
    return profileRows(model, table);
  }
  return (
    (await readProfile(folder)) ??
    fail({
      expected: `profile.json of this model in ${folder}, which "polytask train" writes`,
      received: 'none',
      fix: 'Pass rows to compare with: --reference old.csv, or in a program { reference }.',
    })
  );
}

async function labeledTasks(file: string, format: RowFormat): Promise<Tasks> {
  const isThere = async ([name, task]: [string, Task]): Promise<boolean> => {
    try {
      const stream = await rowStream(file, { ...format, tasks: { [name]: task } }, { labels: true });
      for await (const _ of stream.tables()) break;
      return true;
    } catch (error) {
      const isMissing = (error as Error).message.startsWith(`Expected column "${task.from ?? name}" in`);
      if (error instanceof PolytaskError && isMissing) return false;
      throw error;
    }
  };
  const found: [string, Task][] = [];
  for (const entry of Object.entries(format.tasks)) if (await isThere(entry)) found.push(entry);
  return Object.fromEntries(found);
}

function labeledTask(
  name: string,
  tasks: Tasks,
  rows: TaskPredictions,
  before: Readonly<Record<string, number | null>> | undefined,
): LabeledTask {
  const task = tasks[name]!;
  const own = { [name]: task };
  const points = predictionTypeOf(task).hasMean ? calibrationPoints(task, rows) : [];
  const total = sum(points, ({ weight }) => weight);
  const meanOf = (valueOf: (point: (typeof points)[number]) => number) =>
    points.length === 0 ? NaN : sum(points, (point) => (point.weight / total) * valueOf(point));
  const mean = { predicted: meanOf(({ predicted }) => predicted), observed: meanOf(({ observed }) => observed) };
  const difference = mean.observed - mean.predicted;
  const variance = sum(
    points,
    ({ predicted, observed, weight }) => ((weight / total) * (observed - predicted - difference)) ** 2,
  );
  const half = 1.96 * Math.sqrt(variance);
  const metrics = metricNames(own)[name]!;
  const scores = scorePredictions(own, { [name]: rows }, { metrics: { [name]: metrics } })[name]!;
  return {
    ...{ task: name, rows: rows.labels.length, mean },
    difference: { mean: difference, low: difference - half, high: difference + half },
    calibrationError: calibrationError(calibrationOf(own, { [name]: rows })[name] ?? []),
    scores: recordOf(metrics, (metric) => ({ then: before?.[metric] ?? NaN, now: scores[metric]! })),
  };
}
