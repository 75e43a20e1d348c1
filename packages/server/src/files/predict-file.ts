import { anything, fail, listOf, optional, PolytaskError, readOptions, text } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import { resolve } from 'node:path';
import { sliceBatch, type Tasks } from '@polytask/core';
import {
  encode,
  fileReading,
  type FileSource,
  nameOf,
  type RowDrift,
  type TableStream,
  rawValues,
  readProfile,
  RowCounts,
  rowStream,
} from '@polytask/data';
import { openPredictor, type Predictor } from '@polytask/serving';
import { engineOptions, type ModelSource, openModel } from '../open-model.ts';
import { notFinite, predictionsOfRows } from '../row-predictions.ts';
import { outputColumns, type PredictedTable } from './output-columns.ts';
import { formatOf, writeRows } from './write-rows.ts';

/** How many rows are predicted, and by which engine. */
export interface PredictFileProgress {
  readonly rows: number;
  /** The engine in one line, with the reason when it isn't the fastest one. */
  readonly engine: string;
}

/** What {@link predictFile} wrote. */
export interface PredictedFile extends PredictFileProgress {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** How the first `drift.rows` rows differ from those of the training. Undefined for a model without `profile.json`. */
  readonly drift: (RowDrift & { readonly rows: number }) | undefined;
}

const description = {
  /** The file to write, or to replace. Its ending is the format: .csv, .jsonl or .parquet. */
  out: text,
  /** Columns of the input to copy to the output, as text. */
  keep: optional(listOf(text), []),
  ...fileReading,
  /** Stops the run. Nothing is written then. */
  signal: optional(anything as Option<AbortSignal>),
  /** Called at the start, and after some thousand rows. */
  onProgress: optional(anything as Option<(progress: PredictFileProgress) => void>),
  ...engineOptions,
};

export interface PredictFileOptions extends Written<typeof description>, FromDescription {}

/** So many rows are compared with the training. Each value takes half a microsecond. */
const COMPARED_ROWS = 10_000;

/**
 * Predicts the rows of a CSV, JSON, JSON lines or Parquet file of any size, and writes a file of predictions. Only some thousand rows are in
 * memory.
 * The file appears whole or not at all. Its first rows are compared with those of the training, if the folder has a profile of them.
 *
 * First import the packages that define the model's components, as for core's `load`.
 *
 * @param source the folder of a trained model, or a model
 * @param file CSV or JSON lines (plain, gzip or brotli), Parquet, or what a defined reader reads: a path, the URL of a CSV or JSON
 * lines, or a `File` whose name has the ending
 * @throws PolytaskError for a missing column, and for a cell that doesn't fit, with file, row and column
 * @throws PolytaskError for a prediction that isn't finite, with its task, file and row
 * @example await predictFile('people-model', 'rows.csv.gz', { out: 'predictions.parquet', keep: ['id'] });
 */
export async function predictFile<T extends Tasks>(
  source: ModelSource<T>,
  file: FileSource,
  options: PredictFileOptions,
): Promise<PredictedFile> {
  const { out, keep, format, csv, runtime, precision, signal, onProgress } = readOptions(
    options,
    description,
    'predictFile',
  );
  formatOf(out); // refuses an unknown ending before anything is read
  if (resolve(out) === resolve(nameOf(file))) {
    fail({
      expected: 'another file to write than the one to read',
      received: `"${out}" for both`,
      fix: 'Name it otherwise.',
    });
  }
  const { model, rows: trained, dispose } = await openModel(source);
  try {
    const columns = outputColumns(model.schema.tasks, keep);
    const stream = await rowStream(file, trained, { keep, format, csv });
    const predictor = await openPredictor(model, { runtime, precision });
    try {
      const { engine } = predictor;
      let rows = 0;
      onProgress?.({ rows, engine });
      const profile = typeof source === 'string' ? await readProfile(source) : undefined;
      const compared = profile && new RowCounts(model.schema, profile);
      const values = async function* () {
        for await (const predicted of predictStream(predictor, stream)) {
          signal?.throwIfAborted();
          if (compared) compare(compared, predicted);
          yield columns.map((column) => column.values(predicted));
          rows += predicted.table.size;
          onProgress?.({ rows, engine });
        }
      };
      await writeRows(out, columns, values());
      const drift = compared && { rows: compared.rows, ...compared.drift() };
      return { rows, engine, columns: columns.map(({ name }) => name), drift };
    } finally {
      await predictor.dispose();
    }
  } finally {
    dispose();
  }
}

function compare(compared: RowCounts, { table, batch, predictions }: PredictedTable): void {
  const size = Math.min(table.size, COMPARED_ROWS - compared.rows);
  if (size === 0) return;
  compared.add({ batch: sliceBatch(batch, 0, size), raw: rawValues(table) });
  compared.addPredictions(predictionsOfRows(predictions, table.size, 0, size));
}

/**
 * Predicts rows that don't fit into memory, table by table.
 *
 * @throws PolytaskError for a cell that doesn't fit, with its file, row and column, and for a prediction that isn't finite
 * @example
 * const predictor = await openPredictor(model);
 * const rows = csvStream('rows.csv.gz', { features, tasks: {}, keep: ['id'] });
 * for await (const { table, predictions } of predictStream(predictor, rows)) console.log(table.size, predictions.income);
 */
export async function* predictStream<T extends Tasks>(
  predictor: Predictor<T>,
  rows: TableStream,
): AsyncGenerator<PredictedTable<T>, void, undefined> {
  for await (const table of rows.tables()) {
    const batch = encode(table, predictor.schema).arrays;
    const predictions = await predictor.predict(batch);
    const reason = notFinite(predictor.schema, predictions, batch, table.where);
    if (reason !== undefined) throw new PolytaskError(reason);
    yield { table, batch, predictions };
  }
}
