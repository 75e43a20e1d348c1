import { fail, PolytaskError, type Tasks } from '@polytask/core';
import { readCsv } from '../csv/read-csv.ts';
import type { Declaration } from '../declarations/declaration.ts';
import { mapParts, type Split } from '../examples/split.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { inspect, type InspectedParts } from '../guards/inspect.ts';
import type { DataWarning } from '../guards/warnings.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import { nodeModule } from '../platform/node-module.ts';
import { concatenate } from '../table/concatenate.ts';
import { join } from '../table/join.ts';
import { groupsOf, type Table } from '../table/table.ts';
import { datasetFile, type DatasetFile, type DatasetSource } from './dataset-file.ts';
import { rowsOfParts, splitColumn } from './dataset-split.ts';
import { isParquet } from './row-format.ts';

/** The encoded parts of a data set. With a group column in the file, `groups` has the group number of each row. */
export interface DatasetParts extends Split<Tasks> {
  readonly groups?: { readonly [P in keyof Split<Tasks>]: ArrayLike<number> };
  /** Runs {@link inspect} on the parts and their raw rows. Each call runs the checks again. */
  warnings(): DataWarning[];
}

/** The raw rows of a data set file. */
export interface Dataset {
  readonly name: string;
  readonly tasks: Tasks;
  /** The JSON document, unchanged. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Splits the rows, fits the schema on the training rows, and encodes all parts. @param seed of a random split */
  parts(seed?: number): DatasetParts;
}

/**
 * Opens a data set that one JSON file describes: the files of its rows, the meaning of their columns, and their split. Needs
 * Node.
 *
 * @param path of the JSON file; paths in the file are relative to its directory
 * @throws PolytaskError for an unknown key, with the name that was meant; for rows as {@link readCsv} and {@link readParquet} do
 * @example
 * const dataset = await openDataset('people.json');
 * for (const seed of [1, 2, 3]) await fit(model(seed), dataset.parts(seed).train);
 */
export async function openDataset(path: string): Promise<Dataset> {
  const { basename, dirname, resolve } = nodeModule('node:path', 'reading a data set file');
  const document = await jsonOf(path);
  const file = datasetFile(document, basename(path));
  const directory = dirname(path);
  const read = await sourceReader(file, (name) => (/^(https?|file):/.test(name) ? name : resolve(directory, name)));
  const tables = {
    train: await read(file.sources.train, true),
    validation: file.sources.validation && (await read(file.sources.validation, false)),
    test: file.sources.test && (await read(file.sources.test, false)),
  };
  return {
    name: file.name ?? basename(path).replace(/(\.schema)?\.json$/, ''),
    tasks: file.tasks,
    document,
    parts: (seed = 0) => encodedParts(file, tables, seed),
  };
}

/**
 * Reads a data set that one JSON file describes: split, and encoded with the schema of the training rows. Needs Node.
 *
 * @param path of the JSON file; paths in the file are relative to its directory
 * @param options `seed`: of a random split for which the file has no seed. Default 0
 * @throws PolytaskError as {@link openDataset} does
 * @example const { train, validation, test, groups } = await readDataset('people.json');
 */
export const readDataset = async (path: string, { seed = 0 }: { readonly seed?: number } = {}): Promise<DatasetParts> =>
  (await openDataset(path)).parts(seed);

async function jsonOf(path: string): Promise<Record<string, unknown>> {
  const { readFile } = nodeModule('node:fs', 'reading a data set file').promises;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    fail({
      expected: `a data set file at ${path}`,
      received: 'none that can be read',
      mend: 'Pass the path of a JSON file; docs/data.md says what is in it.',
    });
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new PolytaskError(
      `Expected JSON in ${path}, received other text (${String(error)}). Look at its commas and quotes.`,
      { cause: error },
    );
  }
}

/** Reads the joined tables, and returns a function that reads a source of rows and joins them. */
async function sourceReader(
  file: DatasetFile,
  resolved: (name: string) => string,
): Promise<(source: DatasetSource, isSplit: boolean) => Promise<Table>> {
  const joins: { on: string; table: Table }[] = [];
  for (const source of file.joins) {
    const { features, on } = source;
    joins.push({ on, table: await readSource(source, { features, tasks: {}, keep: [on] }, resolved) });
  }
  const { features, tasks, group, split } = file;
  return async (source, isSplit) => {
    const columns = [group, ...joins.map(({ on }) => on), isSplit ? splitColumn(split) : undefined];
    const keep = [...new Set(columns.filter((column) => column !== undefined))];
    const table = await readSource(source, { features, tasks, keep }, resolved);
    return joins.reduce((left, { on, table: right }) => join(left, right, on), table);
  };
}

async function readSource(
  { files, format, csv }: DatasetSource,
  declaration: Declaration,
  resolved: (name: string) => string,
): Promise<Table> {
  const tables: Table[] = [];
  for (const name of files) {
    const path = resolved(name);
    tables.push(
      isParquet(name, { format })
        ? await readParquet(path, declaration)
        : await readCsv(path, { ...csv, ...declaration }),
    );
  }
  return tables.length === 1 ? tables[0]! : concatenate(tables);
}

interface Sources {
  readonly train: Table;
  readonly validation: Table | undefined;
  readonly test: Table | undefined;
}

function rawParts({ split }: DatasetFile, { train, validation, test }: Sources, seed: number): InspectedParts<Table> {
  const rows = rowsOfParts(train, split, seed);
  return {
    train: train.subset(rows.train),
    validation: validation ?? train.subset(rows.validation),
    test: test ?? train.subset(rows.test),
  };
}

function encodedParts(file: DatasetFile, sources: Sources, seed: number): DatasetParts {
  const { group } = file;
  const raw = rawParts(file, sources, seed);
  const schema = fitSchema(raw.train);
  const parts = mapParts(raw, (table) => encode(table, schema));
  return {
    ...parts,
    warnings: () => inspect(parts, rawParts(file, sources, seed)), // splits again: the raw parts would take memory
    ...(group !== undefined && { groups: mapParts(raw, (table) => groupsOf(table, group)) }),
  };
}
