import { fail, PolytaskError, type Tasks } from '@polytask/core';
import { readCsv } from '../csv/read-csv.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Split } from '../examples/split.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { inspect } from '../guards/inspect.ts';
import type { DataWarning } from '../guards/warnings.ts';
import { readParquet } from '../parquet/read-parquet.ts';
import { nodeModule } from '../platform/node-module.ts';
import { concatenate } from '../table/concatenate.ts';
import { groupsOf, type Table } from '../table/table.ts';
import { join } from '../table/join.ts';
import { datasetFile, type DatasetFile, type DatasetSource } from './dataset-file.ts';
import { rowsOfParts, splitColumn } from './dataset-split.ts';

/** The parts of a data set, encoded, and the group of each of their rows where the file names a group column. */
export interface DatasetParts extends Split<Tasks> {
  readonly groups?: { readonly [P in keyof Split<Tasks>]: ArrayLike<number> };
  /** What is odd about the parts: {@link inspect} of them and of the raw rows. Looks anew at each call. */
  warnings(): DataWarning[];
}

/** The raw rows of a data set file. */
export interface Dataset {
  readonly name: string;
  readonly tasks: Tasks;
  /** What the file says, as it stands there. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Shares the rows out, fits the schema on those to train on, and encodes all. @param seed for a split at random */
  parts(seed?: number): DatasetParts;
}

/**
 * Opens a data set that one JSON file describes: where the rows are, what their columns mean, how they are split.
 *
 * @param path of the JSON file; paths in it are relative to its directory
 * @throws PolytaskError for an unknown key, with the one that was meant; for rows as {@link readCsv} and {@link readParquet} do
 * @example
 * const dataset = await openDataset('people.json');
 * for (const seed of [1, 2, 3]) await fit(model(seed), dataset.parts(seed).train);
 */
export async function openDataset(path: string): Promise<Dataset> {
  const { basename, dirname, resolve } = nodeModule('node:path', 'reading a data set file');
  const document = await jsonOf(path);
  const file = datasetFile(document, basename(path));
  const directory = dirname(path);
  const at = (name: string) => (/^(https?|file):/.test(name) ? name : resolve(directory, name));
  const read = await reader(file, at);
  const tables = {
    train: await read(file.sources.train, true),
    validation: file.sources.validation && (await read(file.sources.validation, false)),
    test: file.sources.test && (await read(file.sources.test, false)),
  };
  return {
    name: file.name ?? basename(path).replace(/(\.schema)?\.json$/, ''),
    tasks: file.tasks,
    document,
    parts: (seed = 0) => partsOf(file, tables, seed),
  };
}

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

/** Reads a source of rows, with the joined features. */
async function reader(
  file: DatasetFile,
  at: (name: string) => string,
): Promise<(source: DatasetSource, split: boolean) => Promise<Table>> {
  const joined: { on: string; table: Table }[] = [];
  for (const each of file.joins) {
    joined.push({
      on: each.on,
      table: await readSource(each, { features: each.features, tasks: {}, keep: [each.on] }, at),
    });
  }
  return async (source, split) => {
    const columns = [file.group, ...file.joins.map(({ on }) => on), split ? splitColumn(file.split) : undefined];
    const declaration = {
      features: file.features,
      tasks: file.tasks,
      keep: [...new Set(columns.filter((each) => each !== undefined))],
    };
    const table = await readSource(source, declaration, at);
    return joined.reduce((left, { on, table: right }) => join(left, right, on), table);
  };
}

async function readSource(
  { files, format, csv }: DatasetSource,
  declaration: Declaration,
  at: (name: string) => string,
): Promise<Table> {
  const tables: Table[] = [];
  for (const name of files) {
    const parquet = (format ?? (/\.(parquet|pq)$/i.test(name) ? 'parquet' : 'csv')) === 'parquet';
    tables.push(
      parquet ? await readParquet(at(name), declaration) : await readCsv(at(name), { ...csv, ...declaration }),
    );
  }
  return tables.length === 1 ? tables[0]! : concatenate(tables);
}

interface Sources {
  readonly train: Table;
  readonly validation: Table | undefined;
  readonly test: Table | undefined;
}

type RawParts = { readonly [P in keyof Sources]: Table };

function rawParts({ split }: DatasetFile, { train: source, validation, test }: Sources, seed: number): RawParts {
  const rows = rowsOfParts(source, split, seed);
  return {
    train: source.subset(rows.train),
    validation: validation ?? source.subset(rows.validation),
    test: test ?? source.subset(rows.test),
  };
}

function partsOf(file: DatasetFile, sources: Sources, seed: number): DatasetParts {
  const { group } = file;
  const raw = rawParts(file, sources, seed);
  const schema = fitSchema(raw.train);
  const parts = {
    train: encode(raw.train, schema),
    validation: encode(raw.validation, schema),
    test: encode(raw.test, schema),
  };
  return {
    ...parts,
    warnings: () => inspect(parts, rawParts(file, sources, seed)), // dealt out again, rather than kept beside the encoded
    ...(group !== undefined && {
      groups: {
        train: groupsOf(raw.train, group),
        validation: groupsOf(raw.validation, group),
        test: groupsOf(raw.test, group),
      },
    }),
  };
}

/**
 * Reads a data set that one JSON file describes, without a line of code: encoded, split, and with the schema fitted on the rows
 * to train on.
 *
 * @param path of the JSON file; paths in it are relative to its directory
 * @param options `seed`: of a split at random, where the file has none. Default 0
 * @throws PolytaskError as {@link openDataset} does
 * @example const { train, validation, test, groups } = await readDataset('people.json');
 */
export const readDataset = async (path: string, { seed = 0 }: { readonly seed?: number } = {}): Promise<DatasetParts> =>
  (await openDataset(path)).parts(seed);
