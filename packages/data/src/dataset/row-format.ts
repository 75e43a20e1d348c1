import { readOptions, checks, type Options, type Schema, type Tasks } from '@polytask/core';
import { CSV_FILE_OPTIONS, type CsvFileOptions } from '../csv/csv-options.ts';
import { declarationOf, type FeatureDeclaration } from '../declarations/features.ts';
import { refuseSpellings } from '../guards/index.ts';
import { anything } from '../options/checks.ts';
import { readerName } from '../readers/reader.ts';
import { readerOf } from '../readers/readers.ts';
import type { TableStream } from '../streams/table-stream.ts';
import { describedFeatures, describedTasks } from './described-columns.ts';

const { optional, shaped } = checks;

/** The format of the files of a table. */
export interface FileFormat {
  /** The name of a reader. Default: by the endings of the names. */
  readonly format?: string | undefined;
  readonly csv: CsvFileOptions;
}

/** How the rows of files are read, whichever files they are: their format, and the meaning of their columns. */
export interface RowFormat extends FileFormat {
  readonly features: Readonly<Record<string, FeatureDeclaration>>;
  /** The tasks whose labels the rows may have. */
  readonly tasks: Tasks;
}

const { name: _, ...csvOptions } = CSV_FILE_OPTIONS; // messages name the file

/** The checks of the keys of {@link FileFormat}. */
export const formatOptions: Options<Partial<FileFormat>> = {
  format: optional(readerName),
  csv: optional(shaped(csvOptions)),
};

const rowOptions = { ...formatOptions, features: anything, tasks: anything } as Options<object>;

/**
 * Checks the JSON of a row format.
 *
 * @param place the name of the file, for messages
 * @throws PolytaskError for an unknown key, with the name that was meant, and for a value of the wrong kind
 */
export function rowFormat(json: unknown, place: string): RowFormat {
  readOptions(json, rowOptions, place);
  const { format, csv = {}, features, tasks } = json as Partial<Record<keyof RowFormat, unknown>>;
  return {
    format: format as RowFormat['format'],
    csv: csv as CsvFileOptions,
    features: describedFeatures(features, `${place}.features`),
    tasks: describedTasks(tasks, `${place}.tasks`),
  };
}

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
  features: Object.fromEntries(Object.entries(features).map(([name, feature]) => [name, declarationOf(name, feature)])),
  tasks,
});

/** The further columns of rows that {@link rowStream} reads. */
export interface RowStreamOptions {
  /** Whether to read the labels of the format's tasks. Default false: the rows are only to be predicted. */
  readonly labels?: boolean;
  /** Further columns to read as text. */
  readonly keep?: readonly string[];
}

/**
 * Streams the rows of a file in a row format.
 *
 * @throws PolytaskError as {@link csvStream} and {@link parquetStream} do, and for labels that mean yes in another spelling
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * for await (const table of (await rowStream('rows.csv', rows)).tables()) model.predict(encode(table, model.schema));
 */
export async function rowStream(
  file: string,
  format: RowFormat,
  { labels = false, keep = [] }: RowStreamOptions = {},
): Promise<TableStream> {
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
