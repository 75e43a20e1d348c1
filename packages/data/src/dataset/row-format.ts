import { flag, listOf, mapValues, optional, readOptions, shaped, string } from '@polytask/components';
import type { FromDescription, Read, Written } from '@polytask/components';
import type { Schema } from '@polytask/core';
import { csvFileOptions } from '../csv/csv-options.ts';
import { allFeatures, describedTasks } from '../declarations/declaration.ts';
import { declarationOf } from '../declarations/features.ts';
import { refuseSpellings } from '../guards/positive-spellings.ts';
import { anyReader } from '../readers/reader.ts';
import { readerOf } from '../readers/readers.ts';
import type { TableStream } from '../streams/table-stream.ts';

const { name: _, ...csvOptions } = csvFileOptions; // messages name the file

export const formatOptions = {
  /** The reader: its name, `sqlite(table=orders)`, or its spec. Default: by the endings of the names. */
  format: optional(anyReader),
  csv: optional(shaped(csvOptions), {}),
};

/** The format of the files of a table. */
export interface FileFormat extends Read<typeof formatOptions>, FromDescription {}

const rowOptions = {
  ...formatOptions,
  features: allFeatures,
  /** The tasks whose labels the rows may have. */
  tasks: describedTasks,
};

/** How the rows of files are read, whichever files they are: their format, and the meaning of their columns. */
export interface RowFormat extends Read<typeof rowOptions>, FromDescription {}

/**
 * Reads the JSON of a row format.
 *
 * @param place the name of the file, for messages
 * @throws PolytaskError for an unknown key, with the name that was meant, and for a value of the wrong kind
 */
export const rowFormat = (json: unknown, place: string): RowFormat => readOptions(json, rowOptions, place);

/**
 * The JSON of a row format, from the document of a data set: without its files and its split. Joined features become features of the
 * rows themselves.
 */
export function rowFormatDocument(dataset: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { format, csv, features, tasks, join = [] } = dataset;
  const joins = (join as { readonly features: object }[]).map((each) => each.features);
  return {
    ...(format !== undefined && { format }),
    ...(csv !== undefined && { csv }),
    features: Object.assign({}, features, ...joins) as object,
    tasks,
  };
}

/**
 * The row format of a schema alone: columns with the names of the features, in CSV with the default options or in another format.
 *
 * @example const format = schemaRowFormat(model.schema);
 */
export const schemaRowFormat = ({ features, tasks }: Schema): RowFormat => ({
  csv: {},
  features: mapValues(features, declarationOf),
  tasks,
});

const streamOptions = {
  /** Whether to read the labels of the format's tasks. If false, the rows are only to be predicted. */
  labels: optional(flag, false),
  /** Further columns to read as text. */
  keep: optional(listOf(string), []),
};

/** The further columns of rows that {@link rowStream} reads. */
export interface RowStreamOptions extends Written<typeof streamOptions>, FromDescription {}

/**
 * Streams the rows of a file in a row format.
 *
 * @throws PolytaskError as {@link csvStream} and {@link parquetStream} do, and for labels that mean yes in another spelling
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * for await (const table of (await rowStream('rows.csv', rows)).tables()) model.predict(encode(table, model.schema));
 */
export async function rowStream(file: string, format: RowFormat, options: RowStreamOptions = {}): Promise<TableStream> {
  const { labels, keep } = readOptions(options, streamOptions, 'rowStream');
  const declaration = { features: format.features, tasks: labels ? format.tasks : {}, keep };
  const stream = await readerOf(file, format.format).stream(file, { ...format.csv, ...declaration });
  return labels ? { ...stream, tables: () => checkedTables(stream, file) } : stream;
}

async function* checkedTables(stream: TableStream, file: string) {
  for await (const table of stream.tables()) {
    refuseSpellings(table, file);
    yield table;
  }
}
