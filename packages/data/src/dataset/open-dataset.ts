import { defineFinding, type Finding, mapValues } from '@polytask/components';
import { readOptions, fail, permutation, randomStream, type Schema, type Task, type Tasks } from '@polytask/core';
import { allRows } from '../columns/columns.ts';
import type { Declaration } from '../declarations/declaration.ts';
import {
  type Fold,
  rowsOfParts,
  type RowSplit,
  seedOf,
  splitColumn,
  type SplitUnits,
  unitsOf,
  withFewTimes,
  mapParts,
  type Parts,
} from '../fitting/row-split.ts';
import type { Split } from '../fitting/split.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { growSchema } from './grow-schema.ts';
import { inspect } from '../guards/inspect.ts';
import { fewTimes, rowsInTime } from '../guards/rows-in-time.ts';
import { sameEntities } from '../guards/same-entities.ts';
import { limitOption, type LimitOption, type ReadBudget, readBudget } from '../limits/read-limits.ts';
import { nodeModule } from '../platform/node-module.ts';
import { readerOf } from '../readers/readers.ts';
import { parseWrittenJson } from '../readers/written-json.ts';
import { concatenate } from '../table/concatenate.ts';
import { joinTables } from '../table/join.ts';
import { groupsOf, type Table, tablesContent } from '../table/table.ts';
import { counted } from '../words/words.ts';
import type { RowFormat } from './row-format.ts';
import { type SeenRows, type UnseenParts, withoutSeen } from '../seen/seen-rows.ts';
import {
  datasetFile,
  type DatasetFile,
  type DatasetSource,
  checkAccess,
  fileFinder,
  type DatasetAccess,
} from './dataset-file.ts';

/** The encoded parts of a data set. With `gaucGroup` in the file, `groups` has the group number of each row. */
export interface DatasetParts extends Split<Tasks> {
  readonly groups?: Parts<ArrayLike<number>>;
  /** With `seen` of {@link GrowingOption}: how many rows were left out. Undefined if rows can't be recognized by their features. */
  readonly leftOut?: UnseenParts['leftOut'];
  /** The raw rows of the parts, in the same order. Each call splits again. */
  raw(): Parts<Table>;
  /** What the split keeps together among the training rows, for folds of them. Each call splits again. */
  trainUnits(): SplitUnits;
  /**
   * Runs {@link inspect} on the parts and their raw rows, and {@link sameEntities} and {@link rowsInTime} after a random split. Each call
   * runs them again.
   */
  warnings(): Finding[];
}

/** The raw rows of a data set file. */
export interface Dataset {
  readonly name: string;
  readonly tasks: Tasks;
  /** Names of the features that are the context of a row. Undefined without any. */
  readonly context?: readonly string[] | undefined;
  /** The JSON document, unchanged. */
  readonly document: Readonly<Record<string, unknown>>;
  /**
   * Splits the rows, fits the schema on the training rows, and encodes all parts. The latest parts are kept: the same seed again gives
   * the same arrays, and so does each seed of a split that doesn't depend on it.
   *
   * @param seed of a random split, and of folds
   * @param limit the largest number of rows of a part. They are taken at random, and the schema is fitted on those for training
   * @param fold makes the fold the test rows. Folds are dealt from all rows that aren't test rows whatever the seed: those of a test file,
   * of a column's value, and of a random split with a seed stay out. So do validation rows with a file or a column's value
   * @throws PolytaskError for folds of a split by time
   */
  parts(seed?: number, limit?: number, fold?: Fold): DatasetParts;
  /** A hash of all rows, whatever the seed: see {@link tablesContent}. */
  content(): Promise<string>;
  /** Counts the rows of the parts, without encoding them. @param seed of a random split @param fold as for `parts` */
  sizes(seed?: number, fold?: Fold): Parts<number>;
}

/**
 * Opens a data set that one JSON file describes: the files of its rows, the meaning of their columns, and their split. Needs Node.
 *
 * @param path of the JSON file; paths in the file are relative to its directory
 * @param access `allowFilesOutside`: whether the file may name files outside its folder. `limits`: of all its files together. `growing`:
 * the schema of a model that is trained on
 * @throws PolytaskError for an unknown key, with the name that was meant; for a file outside the folder; for rows as `readCsv` and
 * `readParquet` do
 * @example
 * const dataset = await openDataset('people.json');
 * for (const seed of [1, 2, 3]) await fit(model(seed), dataset.parts(seed).train);
 */
export async function openDataset(
  path: string,
  { growing, seen, ...access }: DatasetAccess & GrowingOption = {},
): Promise<Dataset> {
  checkAccess(access, 'openDataset');
  const { basename } = nodeModule('node:path', 'reading a data set file');
  return readSources(await jsonOf(path), basename(path), fileFinder(path, access), {
    growing,
    seen,
    limits: access.limits,
  });
}

/** For the rows that a trained model is trained on with. */
export interface GrowingOption {
  /** The schema of the trained model, which {@link growSchema} grows for the training rows. Default: the schema is fitted to them. */
  readonly growing?: Schema | undefined;
  /** The rows that the model was trained with. They are left out of the new validation and test rows. Default: none. */
  readonly seen?: SeenRows | undefined;
}

/**
 * Opens one file of rows in a format, such as that of a trained model, as a data set with a random split. Needs Node.
 *
 * @param path of the rows: CSV, JSON, JSON lines or Parquet
 * @param format as {@link readTrainedModel} gives it, or the content of the `dataset.json` of a trained model
 * @param options `split`: as in a data set file; `growing`; and the limits of {@link openDataset}
 * @throws PolytaskError as {@link openDataset} does
 * @example
 * const { model, rows } = await readTrainedModel('people-model');
 * const { train, test } = (await openRows('new-people.csv', rows, { growing: model.schema })).parts(1);
 */
export async function openRows(
  path: string,
  { format, csv, cells, features, tasks }: RowFormat,
  { growing, seen, split, ...limits }: LimitOption & GrowingOption & { readonly split?: RowSplit | undefined } = {},
): Promise<Dataset> {
  readOptions(limits, limitOption, 'openRows');
  const { basename, resolve } = nodeModule('node:path', 'reading rows');
  const declared = mapValues(tasks, (each: Task | string) => {
    if (typeof each === 'string') return each; // as in a data set file
    const { fitted: _, ...task } = each;
    return task;
  });
  const document = {
    ...{ files: basename(path), ...(format !== undefined && { format }), csv, ...(cells && { cells }) },
    ...{ features, tasks: declared, ...(split && { split }) },
  };
  return readSources(document, basename(path), () => resolve(path), { growing, seen, ...limits });
}

/**
 * Opens a data set that a JSON document describes, from files that the caller has, such as those of an `<input>`. Runs in browsers.
 *
 * @param document as `describeCsv` proposes it
 * @param files the files by the names that the document has
 * @param options `name`: of a data set whose document has none. `limits`: of all its files together
 * @throws PolytaskError for a file that is not in `files`; otherwise as {@link openDataset} does
 * @example
 * const { dataset } = describeCsv(await file.text(), { files: file.name });
 * const { train } = (await datasetFromFiles(dataset, { [file.name]: file })).parts(1);
 */
export function datasetFromFiles(
  document: object,
  files: Readonly<Record<string, Blob>>,
  { name = 'data set', ...limits }: { readonly name?: string } & LimitOption = {},
): Promise<Dataset> {
  readOptions(limits, limitOption, 'datasetFromFiles');
  const find = (file: string): Blob => {
    if (Object.hasOwn(files, file)) return files[file]!;
    const received = Object.keys(files).join(', ') || 'none';
    return fail({ expected: `the file ${file}`, received, fix: 'Pass it in files.' });
  };
  return readSources({ ...document }, name, find, limits);
}

type FindFile = (name: string) => string | Blob;

/** Reads all files of a document. @param place the name of the document, for messages and for a data set without a name */
async function readSources(
  document: Readonly<Record<string, unknown>>,
  place: string,
  find: FindFile,
  { limits, ...model }: GrowingOption & LimitOption,
): Promise<Dataset> {
  const declared = datasetFile(document, place);
  const { sources, split } = declared;
  const read = await sourceReader(declared, find, readBudget(limits));
  const tables = {
    train: await read(sources.train, true),
    validation: sources.validation && (await read(sources.validation, false)),
    test: sources.test && (await read(sources.test, false)),
  };
  const few = model.growing && withFewTimes(tables.train, split); // the split is that of the first training
  const file = few ? { ...declared, split: few.split } : declared;
  const found = few ? [fewTimes({ column: splitColumn(split)! }, few)] : [];
  const { $schema: _, ...content } = document; // it is for editors, and changes no trial
  let latest: { readonly key: string; readonly parts: DatasetParts } | undefined;
  return {
    name: file.name ?? place.replace(/(\.schema)?\.json$/, ''),
    tasks: file.tasks,
    context: file.context,
    document: content,
    parts(seed = 0, limit = Infinity, fold = undefined) {
      const own = fold ? seed : seedOf(file.split, seed);
      const key = JSON.stringify([own, String(limit), fold?.number, fold?.of]);
      if (latest?.key !== key)
        latest = { key, parts: encodedParts(file, tables, { seed: own, limit, fold, ...model }, found) };
      return latest.parts;
    },
    content: () => tablesContent(tables),
    sizes(seed = 0, fold = undefined) {
      if (model.seen)
        return mapParts(rawParts(file, tables, { seed, limit: Infinity, fold, ...model }), ({ size }) => size);
      const rows = rowsOfParts(tables.train, file.split, seed, fold);
      return {
        train: rows.train.length,
        validation: tables.validation?.size ?? rows.validation.length,
        test: fold ? rows.test.length : (tables.test?.size ?? rows.test.length),
      };
    },
  };
}

/**
 * Reads a data set that one JSON file describes: split, and encoded with the schema of the training rows. Needs Node.
 *
 * @param path of the JSON file; paths in the file are relative to its directory
 * @param options `seed`: of a random split for which the file has no seed, 0 by default; and those of {@link openDataset}
 * @throws PolytaskError as {@link openDataset} does
 * @example const { train, validation, test, groups } = await readDataset('people.json');
 */
export const readDataset = async (
  path: string,
  { seed = 0, ...access }: DatasetAccess & { readonly seed?: number } = {},
): Promise<DatasetParts> => (await openDataset(path, access)).parts(seed);

/**
 * Lists the files that {@link openDataset} would read: the JSON file first, then the files of its rows. Needs Node.
 *
 * @param path of the JSON file
 * @returns absolute paths, and URLs
 * @throws PolytaskError as {@link openDataset} does for the JSON file
 * @example const files = await datasetFiles('people.json'); // ['/data/people.json', '/data/people.csv']
 */
export async function datasetFiles(path: string, access: DatasetAccess = {}): Promise<string[]> {
  checkAccess(access, 'datasetFiles');
  const { basename, resolve } = nodeModule('node:path', 'reading a data set file');
  const { sources, joins } = datasetFile(await jsonOf(path), basename(path));
  const names = [...Object.values(sources), ...joins].flatMap(
    (source: DatasetSource | undefined) => source?.files ?? [],
  );
  return [resolve(path), ...new Set(names.map(fileFinder(path, access)))];
}

async function jsonOf(path: string): Promise<Record<string, unknown>> {
  const { readFile } = nodeModule('node:fs', 'reading a data set file').promises;
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) {
    return fail({
      expected: `a data set file at ${path}`,
      received: 'none that can be read',
      fix: 'Pass the path of a JSON file; docs/data.md says what is in it.',
    });
  }
  return parseWrittenJson(bytes, `JSON in ${path}`) as Record<string, unknown>;
}

/** Reads the joined tables, and returns a function that reads a source of rows and joins them. @param budget of all files together */
async function sourceReader(file: DatasetFile, find: FindFile, budget: ReadBudget) {
  const readSource = async ({ files, format, csv, cells }: DatasetSource, declaration: Declaration) => {
    const tables: Table[] = [];
    for (const name of files)
      tables.push(await readerOf(name, format).read(budget, find(name), { ...csv, cells, ...declaration }));
    return tables.length === 1 ? tables[0]! : concatenate(tables);
  };
  const joins: { on: string; table: Table }[] = [];
  for (const source of file.joins) {
    const { features, on } = source;
    joins.push({ on, table: await readSource(source, { features, tasks: {}, keep: [on] }) });
  }
  const { features, tasks, gaucGroup, context, split } = file;
  return async (source: DatasetSource, isSplit: boolean): Promise<Table> => {
    const columns = [...joins.map(({ on }) => on), isSplit ? splitColumn(split) : undefined];
    const keep = [...new Set(columns.filter((column) => column !== undefined))];
    const table = await readSource(source, { features, tasks, keep, groups: gaucGroup, context });
    return joins.reduce((left, { on, table: right }) => joinTables(left, right, on), table);
  };
}

const SHOWN = 3;

const skipped = /* @__PURE__ */ defineFinding<never, { rows: readonly string[] }>('skipped-rows', {
  says({ rows }) {
    const more = rows.length > SHOWN ? `, and ${counted(rows.length - SHOWN, 'other')}` : '';
    const which = `${rows.slice(0, SHOWN).join('; ')}${more}`;
    return `${counted(rows.length, 'row is', 'rows are')} skipped, as ${rows.length === 1 ? 'it has' : 'they have'} too many or too few cells: ${which}.`;
  },
});

interface Sources extends Parts<Table | undefined> {
  readonly train: Table;
}

/** Which rows the parts have. `limit`: the largest number of rows of a part. */
interface Chosen extends GrowingOption {
  readonly seed: number;
  readonly limit: number;
  readonly fold: Fold | undefined;
}

function rawParts(
  { split }: DatasetFile,
  { train, validation, test }: Sources,
  { seed, limit, fold, seen }: Chosen,
): UnseenParts {
  const rows = rowsOfParts(train, split, seed, fold);
  const parts = {
    train: train.subset(sampleOf(rows.train, limit)),
    validation: validation ? sampled(validation, limit) : train.subset(sampleOf(rows.validation, limit)),
    test: test && !fold ? sampled(test, limit) : train.subset(sampleOf(rows.test, limit)),
  };
  return seen ? withoutSeen(parts, seen) : parts;
}

/** The seed of the rows that a limit takes. They are the same in every run. */
const LIMIT_SEED = 1;

/** At most `limit` of some rows at random, in their order: in a sorted file the first ones are no sample. */
const sampleOf = (rows: Uint32Array, limit: number): Uint32Array =>
  rows.length <= limit
    ? rows
    : permutation(randomStream(LIMIT_SEED, 'limit'), rows.length)
        .slice(0, limit)
        .sort()
        .map((place) => rows[place]!);

const sampled = (table: Table, limit: number): Table =>
  table.size <= limit ? table : table.subset(sampleOf(allRows(table.size), limit));

function encodedParts(file: DatasetFile, sources: Sources, chosen: Chosen, found: readonly Finding[]): DatasetParts {
  const { gaucGroup, split } = file;
  const raw = rawParts(file, sources, chosen);
  const { schema, warnings } = chosen.growing
    ? growSchema(raw.train, chosen.growing)
    : { schema: fitSchema(raw.train), warnings: [] };
  const parts = mapParts(raw, (table) => encode(table, schema));
  return {
    ...parts,
    leftOut: raw.leftOut,
    raw: () => rawParts(file, sources, chosen), // to hold on to the raw parts would take memory
    trainUnits: () => unitsOf(rawParts(file, sources, chosen).train, split),
    warnings() {
      const again = rawParts(file, sources, chosen);
      const { fold } = chosen;
      const rows = Object.values(sources).flatMap((table) => table?.skipped ?? []);
      const isExpected = ({ kind, about: { column = '' } }: Finding) =>
        (chosen.growing && kind === 'unseen-values') || // the first training may have seen them
        (split.kind === 'time' && // later rows have other times
          kind === 'shifted-values' &&
          (column === split.column || schema.features[column]?.kind === 'date'));
      const isRandom = fold
        ? splitColumn(split) === undefined || split.kind === 'column'
        : split.kind === 'random' && split.groupBy === undefined && !(sources.validation && sources.test);
      return [
        ...(rows.length === 0 ? [] : [skipped({}, { rows })]),
        ...found,
        ...warnings,
        ...inspect(parts, again).filter((finding) => !isExpected(finding)),
        ...(isRandom ? [...sameEntities(again, gaucGroup), ...rowsInTime(sources.train, again)] : []),
      ];
    },
    ...(gaucGroup !== undefined && { groups: mapParts(raw, (table) => groupsOf(table, gaucGroup)) }),
  };
}
