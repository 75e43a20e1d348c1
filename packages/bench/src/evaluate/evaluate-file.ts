import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  anything,
  fail,
  listOf,
  mapValues,
  optional,
  readOptions,
  share,
  specNamed,
  text,
  wholeNumber,
  type FromDescription,
  type Option,
  type Written,
} from '@polytask/components';
import type { Examples, MultiTaskModel, Tasks } from '@polytask/core';
import { predictedColumns } from '@polytask/core/internal';
import { encode, fileReading, type FileSource, nameOf, readRows, readSeenRows, unseen } from '@polytask/data';
import type { RowFormat, Table } from '@polytask/data';
import {
  compareTested,
  evaluationDocument,
  evaluatePredictions,
  evaluateSegments,
  metricsToEvaluate,
  shownAs,
  type EvaluationReport,
  type SeenCount,
  type TrainingMode,
} from '@polytask/study';
import { evaluate, type TaskPredictions, type ThresholdSpec } from '@polytask/training';
import { familyOf } from '@polytask/training/internal';
import { modelOptions } from '../run-options.ts';
import { trialOf } from '../model-folder.ts';
import { numbersOf, valuesOf } from '../number-columns.ts';
import { seenInFile, withModel } from '../saved-model.ts';
import { headOf } from '../text-files.ts';

export const evaluateOptions = {
  /** The column whose segments are compared. Default: none. */
  by: optional(text),
  /** The folder of another model, or a CSV file with its predictions: for each row of the file, as `polytask predict` writes it, or with a column `row` of places, as `test-predictions.csv`. Default: none. */
  against: optional(text),
  /** The metrics to measure. Default: those of `train`. */
  metrics: optional(listOf(text)),
  /** From which probability a decision is yes: `0.3`, or a rule such as `f1` or `cost(falsePositive=1,falseNegative=5)`. Default: the model's, or 0.5. */
  threshold: optional(text),
  /** How many of the rows with the largest errors to list. */
  worst: optional(wholeNumber(1), 5),
  signal: optional(anything as Option<AbortSignal>),
  ...{ ...fileReading, ...modelOptions },
};

/** The options of {@link evaluateFile}. */
export interface EvaluateFileOptions extends Written<typeof evaluateOptions>, FromDescription {}

/**
 * Measures a trained model on the labeled rows of a file: metrics with intervals, decisions, calibration, segments, and the rows with the
 * largest errors. Rows that the model was trained or validated on are left out.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file rows with labels: CSV, JSON, JSON lines or Parquet; a path, or a `File` whose name has the ending
 * @throws PolytaskError for an unknown metric or column, training rows only, and other predictions of other rows or classes
 * @example
 * const { tasks } = await evaluateFile('people-model', 'march.csv', { by: 'state', against: 'people-model-of-may' });
 * tasks[0]!.scores['auc']; // { value: 0.89, low: 0.87, high: 0.91, constant: 0.5 }
 */
export async function evaluateFile(
  folder: string,
  file: FileSource,
  options: EvaluateFileOptions = {},
): Promise<EvaluationReport> {
  const read = readOptions(options, evaluateOptions, 'evaluate');
  const { by, against, metrics, threshold, worst, signal } = read;
  const place = nameOf(file);
  const rows = rowsOf(place);
  return withModel(folder, options, async ({ model, rows: trained, mode }) => {
    const { tasks: all } = model.schema;
    const whole = await labeledRows(file, trained, read);
    const found = seenInFile(rows, whole, await readSeenRows(folder));
    const other = against === undefined ? undefined : await otherPredictions(against, file, whole, all, read);
    const isLeftOut = found.isSeen.map((seen, row) => Math.max(seen, other?.isSeen?.[row] ?? 0));
    const kept = [...isLeftOut.keys()].filter((row) => isLeftOut[row] === 0);
    const table = unseen(whole, isLeftOut, rows);
    const own = await predictionsOf(model, encode(table, model.schema), mode, signal);
    const labeled = Object.keys(all).filter((name) => own[name]!.labels.length > 0);
    const decides = threshold === undefined ? undefined : thresholdOf(threshold);
    const names = metricsToEvaluate(pick(all, labeled), own, metrics, decides);
    const measured = labeled.filter((name) => names[name]!.length > 0);
    const [tasks, byTask] = [pick(all, measured), pick(names, measured)];
    const report: EvaluationReport = {
      rows: table.size,
      schema: tasks,
      unlabeled: Object.keys(all).filter((name) => !labeled.includes(name)),
      ...evaluatePredictions(tasks, pick(own, measured), {
        ...{ metrics: byTask, worst, where: table.where, threshold: decides },
        model: { family: familyOf(model), rows: { model: folder, file: place } },
      }),
      by,
      segments: by === undefined ? [] : evaluateSegments(tasks, own, byTask, valuesOf(table, by)),
      training: (await trialOf(folder))?.metrics ?? {},
      against: other && {
        ...compareTested(
          tasks,
          { trial: { model: folder }, predictions: own },
          { trial: { model: other.name }, predictions: withOther(own, other, (row) => kept[row]!) },
          mapValues(byTask, ([first]) => first!),
        ),
        inOrderOf: other.inOrderOf,
      },
      leftOut: [...found.leftOut, ...(other?.leftOut ?? [])],
    };
    return shownAs(report, (each) => evaluationDocument(`${folder} on ${place}`, each));
  });
}

/** The rows of a file, with the column of the segments. */
const labeledRows = (file: FileSource, trained: RowFormat, { by, format, csv }: EvaluateFileOptions): Promise<Table> =>
  readRows(file, trained, { labels: true, keep: by === undefined ? [] : [by], format, csv });

const rowsOf = (file: string): string => `rows of ${path.basename(file)}`;

const thresholdOf = (written: string): number | ThresholdSpec =>
  Number.isFinite(Number(written)) ? share.read(Number(written), 'threshold') : specNamed('threshold', written);

type Predicted = Readonly<Record<string, TaskPredictions>>;

const predictionsOf = async (model: MultiTaskModel, rows: Examples, engine: TrainingMode, signal?: AbortSignal) =>
  (await evaluate(model, rows, { predictions: true, engine, signal })).predictions as Predicted;

/** Other predictions for the rows of the file. */
interface Other {
  /** What the report calls it. */
  readonly name: string;
  readonly inOrderOf?: string | undefined;
  /** [rows] 1 for a row that the other model was trained on. */
  readonly isSeen?: Uint8Array;
  readonly leftOut?: readonly SeenCount[];
  /** By task, the predictions of a row of the file. */
  readonly byTask: Readonly<Record<string, (row: number) => ArrayLike<number>>>;
}

const otherPredictions = (
  against: string,
  file: FileSource,
  whole: Table,
  tasks: Tasks,
  options: EvaluateFileOptions,
) =>
  existsSync(path.join(against, 'model.json'))
    ? modelPredictions(against, file, tasks, options)
    : filePredictions(against, nameOf(file), whole, tasks);

/** Predictions of the places in a column `row`, as `test-predictions.csv` has it; without it, those of the rows in their order. */
async function filePredictions(against: string, file: string, whole: Table, tasks: Tasks): Promise<Other> {
  const columns = mapValues(tasks, predictedColumns);
  const predicted = Object.values(columns).flat();
  const column = predicted.includes('row') ? 'place' : 'row'; // as predictionsCsv writes it
  const head = await headOf(against, HEADER_BYTES).catch(() => ''); // numbersOf refuses what can't be read
  const [header = ''] = String(head).split(/\r?\n/, 1);
  const isThere = header.split(/[,;\t]/).some((cell) => cell.replace(/^\uFEFF?"?|"$/g, '') === column);
  const table = await numbersOf(against, predicted, isThere ? [column] : []);
  const places = isThere ? valuesOf(table, column) : [];
  const hasPlaces = places.some((place) => place !== undefined && PLACE.test(place)); // else the column is the user's own
  const fix = `Write it by polytask predict MODEL ${file} --out ${against}.`;
  if (!hasPlaces && table.size !== whole.size)
    fail({
      expected: `a prediction for each of the ${whole.size} rows of ${file}, or a column ${column} of their places, such as "${path.basename(whole.where(0))}"`,
      received: `${table.size} rows in ${against}${isThere ? ` with "${places[0] ?? ''}" in column ${column}` : ''}`,
      fix,
    });
  const lines = hasPlaces ? linesOf(places, column, against) : undefined;
  const { numbers } = table.columns;
  return {
    name: against,
    inOrderOf: hasPlaces ? undefined : path.basename(file),
    byTask: mapValues(columns, (names, task) => (row: number) => {
      const [place, at] = [whole.where(row), lines ? lines.get(baseOf(whole.where(row))) : row];
      const found = names.map((name) => (at === undefined ? NaN : numbers[name]![at]!));
      if (found.some(Number.isNaN))
        fail({
          expected: `a prediction of task "${task}" for ${place} in ${against}`,
          received: at === undefined ? `no such place in its column ${column}` : `an empty cell in ${table.where(at)}`,
          fix,
        });
      return found;
    }),
  };
}

const HEADER_BYTES = 1 << 16;
const PLACE = /, (line|row) \d+$/;

/** A place such as `data/people.csv, line 7`, without the folder: the files may have moved. */
const baseOf = (place: string): string => place.replace(/^.*[\\/]/, '');

function linesOf(cells: readonly (string | undefined)[], column: string, against: string): ReadonlyMap<string, number> {
  const places = cells.map((place = '') => baseOf(place));
  const lines = new Map(places.map((place, line) => [place, line]));
  if (lines.size < places.length) {
    const twice = places.find((place, line) => lines.get(place) !== line)!;
    fail({
      expected: `each place once in column ${column} of ${against}`,
      received: `"${twice}" twice`,
      fix: 'Leave out one of the lines.',
    });
  }
  return lines;
}

const modelPredictions = (
  folder: string,
  file: FileSource,
  tasks: Tasks,
  options: EvaluateFileOptions,
): Promise<Other> =>
  withModel(folder, options, async ({ model, rows: trained, mode }) => {
    const table = await labeledRows(file, trained, options);
    const predicted = await predictionsOf(model, encode(table, model.schema), mode, options.signal);
    const { isSeen, leftOut } = seenInFile(rowsOf(nameOf(file)), table, await readSeenRows(folder));
    return {
      name: folder,
      isSeen,
      leftOut: leftOut.map((each) => ({ ...each, model: folder })),
      byTask: mapValues(pick(predicted, Object.keys(tasks)), ({ rows, predictions }, name) => {
        const own = predictedColumns(tasks[name]!, name);
        const others = predictedColumns(model.schema.tasks[name]!, name);
        const columns = own.map((column) => others.indexOf(column)); // classes may have another order
        if (columns.includes(-1) || others.length > own.length)
          fail({
            expected: `predictions of ${own.join(', ')} by ${folder}`,
            received: others.join(', '),
            fix: 'Compare models of the same classes.',
          });
        const places = new Map(Array.from(rows, (row, at) => [row, at * others.length]));
        return (row: number) => {
          const place =
            places.get(row) ??
            fail({
              expected: `a label of task "${name}" in ${table.where(row)}`,
              received: `none, as ${folder} reads it`,
              fix: 'Compare models whose data set files read labels alike.',
            });
          return columns.map((column) => predictions[place + column]!);
        };
      }),
    };
  });

/** The rows of some predictions, with other predictions. @param rowOf the row of the file */
const withOther = (own: Predicted, { byTask }: Other, rowOf: (row: number) => number): Predicted =>
  mapValues(pick(own, Object.keys(byTask)), (predicted, name) => ({
    ...predicted,
    predictions: Float64Array.from(Array.from(predicted.rows).flatMap((row) => Array.from(byTask[name]!(rowOf(row))))),
  }));

const pick = <V>(values: Readonly<Record<string, V>>, names: readonly string[]): Readonly<Record<string, V>> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
