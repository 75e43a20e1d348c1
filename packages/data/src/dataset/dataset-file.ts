import { checkOptions, checks, fail, type Options, type Tasks } from '@polytask/core';
import { CSV_FILE_OPTIONS, type CsvFileOptions } from '../csv/csv-options.ts';
import type { FeatureDeclaration } from '../declarations/features.ts';
import { anything, oneOrMore, text } from '../options/checks.ts';
import { describedFeatures, describedTasks } from './described-columns.ts';
import { describedSplit, type DatasetSplit } from './dataset-split.ts';

const { listOf, oneOf, optional, shaped } = checks;

/** Files of one table, and how to read them. */
export interface DatasetSource {
  readonly files: readonly string[];
  /** By the names' endings where it is left out. */
  readonly format?: 'csv' | 'parquet' | undefined;
  readonly csv: CsvFileOptions;
}

/** A table whose features are joined. */
interface DatasetJoin extends DatasetSource {
  readonly on: string;
  readonly features: Readonly<Record<string, FeatureDeclaration>>;
}

/** What a data set file says, checked. */
export interface DatasetFile {
  readonly name?: string | undefined;
  /** Either one source to be split, as `train`, or sources of the parts. */
  readonly sources: {
    readonly train: DatasetSource;
    readonly validation?: DatasetSource | undefined;
    readonly test?: DatasetSource | undefined;
  };
  readonly features: Readonly<Record<string, FeatureDeclaration>>;
  readonly tasks: Tasks;
  /** The column of the groups, for AUC by user. */
  readonly group?: string | undefined;
  readonly joins: readonly DatasetJoin[];
  readonly split: DatasetSplit;
}

const { name: _, ...csvOptions } = CSV_FILE_OPTIONS; // messages name the file

const format = { format: optional(oneOf('csv', 'parquet')), csv: optional(shaped(csvOptions)) };

const fileOptions = {
  $schema: anything,
  name: optional(text),
  files: anything,
  ...format,
  features: anything,
  tasks: anything,
  group: optional(text),
  join: optional(listOf(anything)),
  split: anything,
} as Options<object>;

const partOptions = { train: oneOrMore, validation: optional(oneOrMore), test: optional(oneOrMore) } as Options<object>;
const joinOptions = { files: oneOrMore, on: text, features: anything, ...format } as Options<object>;

/**
 * Checks what a data set file has.
 *
 * @param place the file, as errors call it
 * @throws PolytaskError for an unknown key, with the one that was meant, and a value that doesn't fit
 */
export function datasetFile(json: unknown, place: string): DatasetFile {
  checkOptions(json, fileOptions, place);
  const { name, files, features, tasks, group, join = [], split, ...reading } = json as Written;
  const sources = sourcesOf(files, reading, place);
  return {
    name,
    sources,
    features: describedFeatures(features, `${place}.features`),
    tasks: describedTasks(tasks, `${place}.tasks`),
    group,
    joins: join.map((each, i) => joinOf(each, `${place}.join[${i}]`)),
    split: split === undefined ? defaultSplit(sources) : checkedSplit(split, sources, `${place}.split`),
  };
}

interface Reading {
  readonly format?: 'csv' | 'parquet';
  readonly csv?: CsvFileOptions;
}

interface Written extends Reading {
  readonly name?: string;
  readonly files?: unknown;
  readonly features?: unknown;
  readonly tasks?: unknown;
  readonly group?: string;
  readonly join?: readonly unknown[];
  readonly split?: unknown;
}

const sourceOf = (files: string | readonly string[], { format: how, csv = {} }: Reading): DatasetSource => ({
  files: typeof files === 'string' ? [files] : files,
  format: how,
  csv,
});

function sourcesOf(files: unknown, reading: Reading, place: string): DatasetFile['sources'] {
  if (typeof files !== 'object' || files === null || Array.isArray(files)) {
    oneOrMore(files, `${place}.files`);
    return { train: sourceOf(files as string | readonly string[], reading) };
  }
  checkOptions(files, partOptions, `${place}.files`);
  const parts = files as { train: string | string[]; validation?: string | string[]; test?: string | string[] };
  return {
    train: sourceOf(parts.train, reading),
    validation: parts.validation === undefined ? undefined : sourceOf(parts.validation, reading),
    test: parts.test === undefined ? undefined : sourceOf(parts.test, reading),
  };
}

function joinOf(value: unknown, where: string): DatasetJoin {
  checkOptions(value, joinOptions, where);
  const { files, on, features, ...reading } = value as Reading & {
    files: string | string[];
    on: string;
    features: unknown;
  };
  return { ...sourceOf(files, reading), on, features: describedFeatures(features, `${where}.features`) };
}

/** A tenth for each part that has no file of its own. */
const defaultSplit = ({ validation, test }: DatasetFile['sources']): DatasetSplit => ({
  kind: 'random',
  ...(!validation && { validation: 0.1 }),
  ...(!test && { test: 0.1 }),
});

function checkedSplit(value: unknown, { validation, test }: DatasetFile['sources'], where: string): DatasetSplit {
  const split = describedSplit(value, where);
  for (const [part, source] of Object.entries({ validation, test }) as [
    'validation' | 'test',
    DatasetSource | undefined,
  ][]) {
    if (!source || split[part] === undefined) continue;
    fail({
      expected: `no ${part} in ${where}, as files.${part} has the rows`,
      received: JSON.stringify(split[part]),
      mend: 'Leave one of the two out.',
    });
  }
  return split;
}
