import { checkOptions, checks, fail, type Options, type Tasks } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import type { FeatureDeclaration } from '../declarations/features.ts';
import { anything, oneOrMore, text } from '../options/checks.ts';
import { describedSplit, type DatasetSplit } from './dataset-split.ts';
import { describedFeatures, describedTasks } from './described-columns.ts';
import { formatOptions, type FileFormat } from './row-format.ts';

const { listOf, optional } = checks;

/** The files of one table, and their format. */
export interface DatasetSource extends FileFormat {
  readonly files: readonly string[];
}

/** A table whose features are joined. */
interface DatasetJoin extends DatasetSource {
  readonly on: string;
  readonly features: Readonly<Record<string, FeatureDeclaration>>;
}

/** The checked content of a data set file. */
export interface DatasetFile {
  readonly name?: string | undefined;
  /** Either one source to be split, as `train`, or a source for each part. */
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

const fileOptions = {
  $schema: anything,
  name: optional(text),
  files: anything,
  ...formatOptions,
  features: anything,
  tasks: anything,
  group: optional(text),
  join: optional(listOf(anything)),
  split: anything,
} as Options<object>;

const partOptions = { train: oneOrMore, validation: optional(oneOrMore), test: optional(oneOrMore) } as Options<object>;
const joinOptions = { files: oneOrMore, on: text, features: anything, ...formatOptions } as Options<object>;

/** The keys of a data set file and of a join that say how files are read. */
interface Format {
  readonly format?: 'csv' | 'parquet';
  readonly csv?: CsvFileOptions;
}

type FileNames = string | readonly string[];

/**
 * Checks the content of a data set file.
 *
 * @param place the name of the file, for messages
 * @throws PolytaskError for an unknown key, with the name that was meant, and for a value of the wrong kind
 */
export function datasetFile(json: unknown, place: string): DatasetFile {
  checkOptions(json, fileOptions, place);
  const { name, files, features, tasks, group, join, split, ...format } = json as Format & {
    readonly name?: string;
    readonly group?: string;
    readonly join?: readonly unknown[];
  } & Readonly<Record<'files' | 'features' | 'tasks' | 'split', unknown>>;
  const sources = sourcesOf(files, format, place);
  return {
    name,
    sources,
    features: describedFeatures(features, `${place}.features`),
    tasks: describedTasks(tasks, `${place}.tasks`),
    group,
    joins: (join ?? []).map((entry, i) => joinOf(entry, `${place}.join[${i}]`)),
    split: split === undefined ? defaultSplit(sources) : checkedSplit(split, sources, `${place}.split`),
  };
}

const sourceOf = (files: FileNames, { format, csv = {} }: Format): DatasetSource => ({
  files: typeof files === 'string' ? [files] : files,
  format,
  csv,
});

function sourcesOf(files: unknown, format: Format, place: string): DatasetFile['sources'] {
  if (typeof files !== 'object' || files === null || Array.isArray(files)) {
    oneOrMore(files, `${place}.files`);
    return { train: sourceOf(files as FileNames, format) };
  }
  checkOptions(files, partOptions, `${place}.files`);
  const { train, validation, test } = files as { train: FileNames; validation?: FileNames; test?: FileNames };
  return {
    train: sourceOf(train, format),
    validation: validation === undefined ? undefined : sourceOf(validation, format),
    test: test === undefined ? undefined : sourceOf(test, format),
  };
}

function joinOf(value: unknown, where: string): DatasetJoin {
  checkOptions(value, joinOptions, where);
  const { files, on, features, ...format } = value as Format & { files: FileNames; on: string; features: unknown };
  return { ...sourceOf(files, format), on, features: describedFeatures(features, `${where}.features`) };
}

/** A tenth of the rows for each part that has no file. */
const defaultSplit = ({ validation, test }: DatasetFile['sources']): DatasetSplit => ({
  kind: 'random',
  ...(!validation && { validation: 0.1 }),
  ...(!test && { test: 0.1 }),
});

function checkedSplit(value: unknown, sources: DatasetFile['sources'], where: string): DatasetSplit {
  const split = describedSplit(value, where);
  for (const part of ['validation', 'test'] as const) {
    if (!sources[part] || split[part] === undefined) continue;
    fail({
      expected: `no ${part} in ${where}, as files.${part} has the rows`,
      received: JSON.stringify(split[part]),
      mend: 'Leave one of the two out.',
    });
  }
  return split;
}
