import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { anything, custom, listOf, record, shaped, string } from '@polytask/components';
import { fail, load, openFolder, readDocument, readSealed, writeSealed, type MultiTaskModel } from '@polytask/core';
import {
  profileRows,
  type SeenRows,
  writeProfile,
  type Parts,
  type Table,
  seenRows,
  writeSeenRows,
  writeTrainedModel,
} from '@polytask/data';
import {
  modelCard,
  predictionsCsv,
  renderHtml,
  renderMarkdown,
  type Result,
  type RetrainedComparisons,
  resultDocument,
  type TestedComparison,
  trainingDocument,
  type TrainingReport,
  type TrialResult,
} from '@polytask/study';
import type { TaskPredictions } from '@polytask/training';
import { writeWhole } from './text-files.ts';
import { RESULTS } from './trials/run-files.ts';

/** A trained model with its report. The caller disposes of the model. */
export interface Trained {
  readonly model: MultiTaskModel;
  readonly report: TrainingReport;
}

/** The comparisons of a report with other models. */
type Compared = 'sharing' | 'boosting' | 'teacher';

/** The content of scores.json, with a hash of all that the training depended on. It is the last file that a training writes. */
const scoresDocument = shaped({
  key: string,
  report: custom<{ readonly trials: readonly Result[] } & Readonly<Partial<Record<Compared, object>>>>(
    (value, where) => {
      const { trials, ...rest } = record(anything).read(value, where);
      return { ...rest, trials: listOf(resultDocument, 1).read(trials, `${where}.trials`) };
    },
  ),
});

const SCORES = 'scores.json';
export const CHECKPOINTS = 'checkpoints';
/** The folder of a model that was trained next to a continued one, and is to be deployed in its place. */
export const NEW_MODEL = 'new';

export const MODEL_FILES =
  'model.json, weights.safetensors, dataset.json, profile.json, rows.json, scores.json, test-predictions.csv, README.md and report.html';

/** Prepares the folder of a model for a training. It refuses a model that no training wrote, unless `force` replaces it. */
export async function prepareFolder(folder: string, force = false): Promise<void> {
  await openFolder(folder).write(() => Promise.resolve()); // fails here if it can't be written, and not after the training
  const [model, ...traces] = ['model.json', SCORES, RESULTS, CHECKPOINTS].map((name) => path.join(folder, name));
  if (!force && existsSync(model!) && !traces.some((trace) => existsSync(trace)))
    refuseEarlier(folder, 'a saved model');
  if (!force) return;
  for (const trace of [...traces, path.join(folder, NEW_MODEL)]) await rm(trace, { recursive: true, force: true });
}

const refuseEarlier = (folder: string, received: string): never =>
  fail({ expected: `no other model in ${folder}`, received, fix: 'Pass --force to replace it, or another --out.' });

/** The rows of a training. */
interface TrainingRows {
  readonly raw: Parts<Table>;
  /** The rows of the training that this one continues. */
  readonly earlier: SeenRows | undefined;
  /** By task, those of the test rows. */
  readonly predictions: Readonly<Record<string, TaskPredictions>>;
}

/** Writes a trained model and its reports. `scores.json` is last: a folder that has it is complete. */
export async function writeModelFolder(
  folder: string,
  key: string,
  { model, report }: Trained,
  rows?: TrainingRows,
): Promise<void> {
  const { file } = report.trials[0].config.data;
  await writeTrainedModel(folder, model, file as Readonly<Record<string, unknown>> | undefined);
  if (rows) {
    const { raw, earlier, predictions } = rows;
    await writeProfile(folder, await profileRows(model, raw.train, raw.validation));
    await writeSeenRows(folder, seenRows(raw, earlier));
    const places = Array.from({ length: raw.test.size }, (_, row) => path.basename(raw.test.where(row)));
    const tested = predictionsCsv(report.tasks, predictions, places);
    await writeWhole(path.join(folder, 'test-predictions.csv'), tested);
  }
  await writeReport(folder, key, { model, report });
  await rm(path.join(folder, CHECKPOINTS), { recursive: true, force: true });
}

async function writeReport(folder: string, key: string, { model, report }: Trained): Promise<void> {
  await writeWhole(path.join(folder, 'report.html'), renderHtml(trainingDocument(report, model.schema)));
  const card = modelCard(report, { schema: model.schema, folder });
  await writeWhole(path.join(folder, 'README.md'), renderMarkdown(card));
  await writeWhole(path.join(folder, SCORES), `${await writeSealed({ key, report }, 2)}\n`);
}

/** Notes in the reports of a model that it was calibrated after its scores were measured. @param rows `1,500 rows of later.csv` */
export async function noteCalibration(folder: string, model: MultiTaskModel, rows: string): Promise<void> {
  const scores = await scoresIn(folder);
  if (scores) await writeReport(folder, scores.key, { model, report: { ...scores.report, recalibrated: rows } });
}

/** The complete model of a folder; undefined without one. @throws PolytaskError for a model of another training */
export async function finishedModel(folder: string, key: string): Promise<Trained | undefined> {
  const scores = await scoresIn(folder);
  if (!scores) return undefined;
  if (scores.key !== key) refuseEarlier(folder, 'one of other data or options');
  return { model: await load(folder), report: scores.report };
}

/** The result of the training that wrote a folder; undefined for another folder. */
export const trialOf = async (folder: string): Promise<TrialResult | undefined> =>
  (await scoresIn(folder))?.report.trials[0];

async function scoresIn(folder: string) {
  const content = await openFolder(folder).read(SCORES);
  if (!content) return undefined;
  const [place, fix] = [path.join(folder, SCORES), 'Train the model again, or remove the file.'];
  const document = await readSealed(content, `scores as JSON in ${place}`, fix);
  const { key, report } = readDocument(scoresDocument, document, `The scores in ${place}`, fix);
  const [sharing, boosting, teacher] = [report.sharing, report.boosting, report.teacher].map(comparisonOf);
  const { continued, ...others } = report as unknown as TrainingReport;
  const read = continued && {
    continued: {
      ...continued,
      comparisons: continued.comparisons.map(comparisonOf) as unknown as RetrainedComparisons,
    },
  };
  return { key, report: { ...others, sharing, boosting, teacher, ...read } };
}

/** A comparison as it was written: JSON has null for NaN. */
const comparisonOf = (written: object | undefined): TestedComparison | undefined =>
  written && (JSON.parse(JSON.stringify(written), (_, value: unknown) => value ?? NaN) as TestedComparison);
