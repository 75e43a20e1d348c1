import { anything, fail, flag, listOf, mapValues, optional, readOptions, shaped, string } from '@polytask/components';
import type { FromDescription, Option, Read, Written } from '@polytask/components';
import type { Schema } from '@polytask/core';
import { asksForNumbers, cellReader, cellsOption } from '../columns/cells.ts';
import { withoutMarkers } from '../columns/columns.ts';
import { type CsvFileOptions, csvFileOptions } from '../csv/csv-options.ts';
import { allFeatures, describedTasks } from '../declarations/declaration.ts';
import { declarationOf } from '../declarations/features.ts';
import { refuseSpellings } from '../guards/positive-spellings.ts';
import { anyReader } from '../readers/reader.ts';
import { type FileSource, nameOf } from '../csv/open-source.ts';
import { readerOf } from '../readers/readers.ts';
import type { TableStream } from '../streams/table-stream.ts';
import { concatenate } from '../table/concatenate.ts';
import type { Table } from '../table/table.ts';

const { name: _, ...csvOptions } = csvFileOptions; // messages name the file

export const formatOptions = {
  /** The reader: its name, `sqlite(table=orders)`, or its spec. Default: by the endings of the names. */
  format: optional(anyReader),
  csv: optional(shaped(csvOptions), {}),
  /** How the cells of columns become values, by the name of the column: spellings, units, impossible numbers. */
  cells: cellsOption,
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
 * rows themselves. A row that can't be read is an error there: if it were skipped, it would have no prediction.
 */
export function rowFormatDocument(dataset: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { format, csv, cells, features, tasks, join = [] } = dataset;
  const joins = join as { readonly features: object; readonly cells?: object }[];
  const { skipBadRows: _, ...rows } = (csv ?? {}) as { readonly skipBadRows?: boolean };
  const allCells = Object.assign({}, cells, ...joins.map((each) => each.cells)) as object;
  return {
    ...(format !== undefined && { format }),
    ...(csv !== undefined && { csv: rows }),
    ...(Object.keys(allCells).length > 0 && { cells: allCells }),
    features: Object.assign({}, features, ...joins.map((each) => each.features)) as object,
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

/**
 * Reads values of rows that a program passes as the cells of files are read: null where one is missing or can't be, else a text or a number.
 * A value that is none stays, for whoever refuses it.
 *
 * @param column the name of its feature or of a column
 * @example valuesAsRead({ ...format, cells: { age: { valid: [0, 120] } } })(199, 'age') // null
 */
export function valuesAsRead({ csv, cells = {}, features }: RowFormat): (value: unknown, column: string) => unknown {
  const unmarked = withoutMarkers(csv.missing);
  const readers = mapValues(cells, (rule) => ({ ...cellReader(rule), hasNumbers: asksForNumbers(rule) }));
  return (given, name) => {
    const value = unmarked(given);
    const reader = readers[features[name]?.from ?? name];
    if (!reader || (typeof value !== 'string' && typeof value !== 'number')) return value;
    const text = reader.merged(String(value));
    if (reader.missing.has(text)) return null;
    const number = reader.hasNumbers ? reader.number(text) : undefined;
    if (number !== undefined) return Number.isNaN(number) ? null : number;
    return text === String(value) ? value : text;
  };
}

/** How a file is read, where it differs from the files of the training. */
export const fileReading = {
  /** The reader of the file, such as `sqlite(table=orders)`. Default: that of `dataset.json` in the model's folder. */
  format: optional(anyReader),
  /** How a CSV file is read, where it differs from `dataset.json` in the model's folder. */
  csv: optional(anything as Option<CsvFileOptions>, {}),
};

const streamOptions = {
  ...fileReading,
  /** Whether to read the labels of the format's tasks. If false, the rows are only to be predicted. */
  labels: optional(flag, false),
  /** Further columns to read as text. */
  keep: optional(listOf(string), []),
};

/** What {@link rowStream} reads, and how. */
export interface RowStreamOptions extends Written<typeof streamOptions>, FromDescription {}

/**
 * Streams the rows of a file in a row format.
 *
 * @throws PolytaskError as {@link csvStream} and {@link parquetStream} do, and for labels that mean yes in another spelling
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * for await (const table of (await rowStream('rows.csv', rows)).tables()) model.predict(encode(table, model.schema));
 */
export async function rowStream(
  file: FileSource,
  format: RowFormat,
  options: RowStreamOptions = {},
): Promise<TableStream> {
  const { labels, keep, format: reader, csv } = readOptions(options, streamOptions, 'rowStream');
  const declaration = { features: format.features, tasks: labels ? format.tasks : {}, keep };
  const name = nameOf(file);
  const stream = await readerOf(name, reader ?? format.format).stream(file, {
    ...{ ...format.csv, ...csv },
    cells: format.cells,
    ...declaration,
  });
  return labels ? { ...stream, tables: () => checkedTables(stream, name) } : stream;
}

/**
 * Reads the rows of a file in a row format as one table.
 *
 * @throws PolytaskError as {@link rowStream} does, and for a file without rows
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * await explainRows(model, encode(await readRows('rows.csv', rows), model.schema), { background: train });
 */
export async function readRows(file: FileSource, format: RowFormat, options: RowStreamOptions = {}): Promise<Table> {
  const tables: Table[] = [];
  for await (const each of (await rowStream(file, format, options)).tables()) tables.push(each);
  if (tables.length === 0) fail({ expected: `rows in ${nameOf(file)}`, received: 'none', fix: 'Pass another file.' });
  return concatenate(tables);
}

async function* checkedTables(stream: TableStream, name: string) {
  for await (const table of stream.tables()) {
    refuseSpellings(table, name);
    yield table;
  }
}
