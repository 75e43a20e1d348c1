import { readOptions, checks, fail, type Options, type Tasks } from '@polytask/core';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import type { FeatureDeclaration } from '../declarations/features.ts';
import { type RowSplit, SPLITS } from '../fitting/row-split.ts';
import { anything, oneOrMore, text } from '../options/checks.ts';
import { describedFeatures, describedTasks, ofKind } from './described-columns.ts';
import { type FileFormat, formatOptions } from './row-format.ts';

const { listOf, oneOf, optional } = checks;

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
  /** The column of the groups of GAUC, the mean AUC of groups such as users. */
  readonly gaucGroup?: string | undefined;
  /** Names of the features that are the context of a row. */
  readonly context?: readonly string[] | undefined;
  readonly joins: readonly DatasetJoin[];
  readonly split: RowSplit;
}

const fileOptions = {
  $schema: anything,
  name: optional(text),
  files: anything,
  ...formatOptions,
  features: anything,
  tasks: anything,
  gaucGroup: optional(text),
  context: anything,
  join: optional(listOf(anything)),
  split: anything,
  calibration: anything, // these three are for `polytask train`, which checks them
  intervals: anything,
  threshold: anything,
} as Options<object>;

const partOptions = { train: oneOrMore, validation: optional(oneOrMore), test: optional(oneOrMore) } as Options<object>;
const joinOptions = { files: oneOrMore, on: text, features: anything, ...formatOptions } as Options<object>;

/** The keys of a data set file and of a join that say how files are read. */
interface Format {
  readonly format?: string;
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
  if (Array.isArray(json)) {
    fail({
      expected: `a data set file in ${place}`,
      received: 'an array, such as of rows',
      fix: `Describe the rows: polytask describe ${place} --out dataset.json. Then pass dataset.json.`,
    });
  }
  const { files: given, schema } = { ...(json as Readonly<Record<string, unknown>>) };
  if (given === undefined && schema !== undefined) {
    fail({
      expected: `files of rows in ${place}`,
      received: 'the dataset.json of a trained model, which says how rows are read, and not which',
      fix: `Copy its features, tasks and csv to a data set file with "files": "people.csv"; or pass its content to openRows or readCsv.`,
    });
  }
  readOptions(json, fileOptions, place);
  const { name, files, features, tasks, gaucGroup, context, join, split, ...format } = json as Format & {
    readonly name?: string;
    readonly gaucGroup?: string;
    readonly join?: readonly unknown[];
  } & Readonly<Record<'files' | 'features' | 'tasks' | 'context' | 'split', unknown>>;
  const sources = sourcesOf(files, format, place);
  const declared = describedFeatures(features, `${place}.features`);
  const joins = (join ?? []).map((entry, i) => joinOf(entry, `${place}.join[${i}]`));
  const names = [{ features: declared }, ...joins].flatMap((each) => Object.keys(each.features));
  return {
    name,
    sources,
    features: declared,
    tasks: describedTasks(tasks, `${place}.tasks`),
    gaucGroup,
    context: context === undefined ? undefined : listOf(oneOf(...names)).read(context, `${place}.context`),
    joins,
    split: split === undefined ? defaultSplit(sources) : splitOf(split, sources, `${place}.split`),
  };
}

const sourceOf = (files: FileNames, { format, csv = {} }: Format): DatasetSource => ({
  files: typeof files === 'string' ? [files] : files,
  format,
  csv,
});

function sourcesOf(files: unknown, format: Format, place: string): DatasetFile['sources'] {
  if (typeof files !== 'object' || files === null || Array.isArray(files)) {
    oneOrMore.read(files, `${place}.files`);
    return { train: sourceOf(files as FileNames, format) };
  }
  readOptions(files, partOptions, `${place}.files`);
  const { train, validation, test } = files as { train: FileNames; validation?: FileNames; test?: FileNames };
  const named = [train, validation ?? [], test ?? []].flatMap((names) => [...new Set([names].flat())]);
  const twice = named.find((name, i) => named.indexOf(name) !== i);
  if (twice !== undefined)
    fail({
      expected: `each file in one part of ${place}.files`,
      received: `${JSON.stringify(twice)} in two parts`,
      fix: 'Leave it out of one of the two, or write "files" as one list and a "split".',
    });
  return {
    train: sourceOf(train, format),
    validation: validation === undefined ? undefined : sourceOf(validation, format),
    test: test === undefined ? undefined : sourceOf(test, format),
  };
}

function joinOf(value: unknown, where: string): DatasetJoin {
  readOptions(value, joinOptions, where);
  const { files, on, features, ...format } = value as Format & { files: FileNames; on: string; features: unknown };
  return { ...sourceOf(files, format), on, features: describedFeatures(features, `${where}.features`) };
}

/** A tenth of the rows for each part that has no file. */
const defaultSplit = ({ validation, test }: DatasetFile['sources']): RowSplit => ({
  kind: 'random',
  ...(!validation && { validation: 0.1 }),
  ...(!test && { test: 0.1 }),
});

function splitOf(value: unknown, sources: DatasetFile['sources'], where: string): RowSplit {
  const split = describedSplit(value, where);
  for (const part of ['validation', 'test'] as const) {
    if (!sources[part] || split[part] === undefined) continue;
    fail({
      expected: `no ${part} in ${where}, as files.${part} has the rows`,
      received: JSON.stringify(split[part]),
      fix: 'Leave one of the two out.',
    });
  }
  return split;
}

/** @throws PolytaskError for an unknown key or kind, and for fractions that leave no rows to train on */
export function describedSplit(value: unknown, where: string): RowSplit {
  const { entry, description } = ofKind(value, SPLITS, where);
  readOptions(description, entry, where);
  const split = description as RowSplit;
  if (split.kind !== 'column' && (split.validation ?? 0) + (split.test ?? 0) >= 1) {
    fail({
      expected: `validation and test of ${where} to leave rows to train on`,
      received: `${split.validation} and ${split.test}`,
      fix: 'Write 0.1 for a tenth.',
    });
  }
  return split;
}
