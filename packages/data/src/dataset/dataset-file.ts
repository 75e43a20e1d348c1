import {
  anything,
  either,
  fail,
  listOf,
  oneOf,
  optional,
  checkKnown,
  readOptions,
  shaped,
  text,
  type Read,
  flag,
  type FromDescription,
  type Written,
} from '@polytask/components';
import '@polytask/core/features'; // data set files name these kinds of feature and task
import '@polytask/core/tasks';
import { allFeatures, describedTasks, needsOf } from '../declarations/declaration.ts';
import { anySplit, oneOrMore, splitColumn, type RowSplit } from '../fitting/row-split.ts';
import { type FileFormat, formatOptions } from './row-format.ts';
import { limitOption } from '../limits/read-limits.ts';
import { nodeModule } from '../platform/node-module.ts';

const parts = { train: oneOrMore, validation: optional(oneOrMore), test: optional(oneOrMore) };

const join = {
  ...{ files: oneOrMore, ...formatOptions },
  /** The column of both tables that says which rows belong together. */
  on: text,
  features: allFeatures,
};

/** The keys of a data set file. */
export const datasetOptions = {
  /** The JSON Schema of this file, for editors: `polytask schema dataset` prints it. */
  $schema: optional(text),
  /** The name of the data set. Without it, that of the file. */
  name: optional(text),
  /** Either one source to be split, or a source for each part. */
  files: either(text, listOf(text, 1), shaped(parts)),
  ...formatOptions,
  /** The inputs, by name: a kind of feature such as `"numeric"`, or an object with a kind and options. */
  features: allFeatures,
  /** The labels, by name: a kind of task such as `"binary"`, or an object with a kind and options. */
  tasks: describedTasks,
  /** The column of the groups of GAUC, the mean AUC of groups such as users. */
  gaucGroup: optional(text),
  /** Names of the features that are the context of a row. */
  context: optional(listOf(text)),
  /** Tables whose features are joined. */
  join: optional(listOf(shaped(join)), []),
  /** How rows are split into training, validation and test rows. Without it, at random: a tenth for each part that has no file. */
  split: optional(anySplit),
  /** How predictions are calibrated, for `polytask train`, which checks this option and the two below. */
  calibration: optional(anything),
  /** Intervals or sets around predictions, for `polytask train`. */
  intervals: optional(anything),
  /** From which probability the answer is yes, for `polytask train`. */
  threshold: optional(anything),
};

export interface DatasetSource extends FileFormat {
  readonly files: readonly string[];
}

export interface DatasetFile extends Pick<
  Read<typeof datasetOptions>,
  'name' | 'features' | 'tasks' | 'gaucGroup' | 'context'
> {
  readonly sources: { readonly [P in keyof typeof parts]: DatasetSource | (P extends 'train' ? never : undefined) };
  readonly joins: readonly (DatasetSource & Pick<Read<typeof join>, 'on' | 'features'>)[];
  readonly split: RowSplit;
}

/** Reads the content of a data set file. @param place its name, for messages */
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
  const { files, format, csv, cells, join: joined, split, context, ...file } = readOptions(json, datasetOptions, place);
  const names = [file, ...joined].flatMap((each) => Object.keys(each.features));
  if (context) listOf(oneOf(...names)).read(context, `${place}.context`);
  const own = typeof files === 'object' && 'train' in files ? files : { train: files };
  if (cells) checkCells(cells, { ...file, split }, place);
  checkFiles(own, split, place);
  const sourceOf = (of: string | readonly string[]) => ({ files: [of].flat(), format, csv, cells });
  const sources = {
    train: sourceOf(own.train),
    validation: own.validation === undefined ? undefined : sourceOf(own.validation),
    test: own.test === undefined ? undefined : sourceOf(own.test),
  };
  return {
    ...{ ...file, context, sources },
    joins: joined.map((each) => ({ ...each, files: [each.files].flat() })),
    split: split ?? {
      kind: 'random', // a tenth of the rows for each part that has no file
      ...(!own.validation && { validation: 0.1 }),
      ...(!own.test && { test: 0.1 }),
    },
  };
}

/** @throws PolytaskError for cells of a column that is not read */
function checkCells(
  cells: object,
  {
    features,
    tasks,
    gaucGroup,
    split,
  }: Pick<Read<typeof datasetOptions>, 'features' | 'tasks' | 'gaucGroup' | 'split'>,
  place: string,
): void {
  const kept = [gaucGroup, split && splitColumn(split)].filter((column) => column !== undefined);
  const read = needsOf({ features, tasks, keep: kept }).map(({ column }) => column);
  for (const column of Object.keys(cells))
    checkKnown(column, read, `a column of a feature or a task in ${place}.cells`);
}

function checkFiles(files: Read<typeof parts>, split: RowSplit | undefined, place: string): void {
  const named = Object.values(files).flatMap((names) => [...new Set([names ?? []].flat())]);
  const twice = named.find((name, i) => named.indexOf(name) !== i);
  if (twice !== undefined)
    fail({
      expected: `each file in one part of ${place}.files`,
      received: `${JSON.stringify(twice)} in two parts`,
      fix: 'Leave it out of one of the two, or write "files" as one list and a "split".',
    });
  for (const part of ['validation', 'test'] as const) {
    if (!files[part] || split?.[part] === undefined) continue;
    fail({
      expected: `no ${part} in ${place}.split, as files.${part} has the rows`,
      received: JSON.stringify(split[part]),
      fix: 'Leave one of the two out.',
    });
  }
}

const options = {
  ...limitOption,
  /** Whether it may read files outside its own folder, and URLs. */
  allowFilesOutside: optional(flag, false),
};

/** What a data set file may read. The caller decides it, not the file. */
export interface DatasetAccess extends Written<typeof options>, FromDescription {}

export const checkAccess = (access: DatasetAccess, where: string) => readOptions(access, options, where);

/** Finds the files that a data set file names: below its folder, by way of symbolic links too, unless the caller allows others. */
export function fileFinder(file: string, { allowFilesOutside = false }: DatasetAccess): (name: string) => string {
  const { dirname, relative, isAbsolute, resolve, sep } = nodeModule('node:path', 'reading a data set file');
  const { existsSync, realpathSync, statSync } = nodeModule('node:fs', 'reading a data set file');
  const folder = resolve(dirname(file));
  const isBelow = (top: string, path: string): boolean => {
    const way = relative(top, path);
    return !isAbsolute(way) && way.split(sep)[0] !== '..';
  };
  const isEndless = (path: string): boolean => !statSync(path).isFile() && !statSync(path).isDirectory();
  const isAllowed = (path: string): boolean =>
    isBelow(folder, path) &&
    (!existsSync(path) || (isBelow(realpathSync(folder), realpathSync(path)) && !isEndless(path)));
  return (name) => {
    const isUrl = /^(https?|file):/.test(name);
    const place = isUrl ? name : resolve(folder, name);
    if (!allowFilesOutside && (isUrl || !isAllowed(place))) {
      fail({
        expected: `${file} to name files below its own folder, and neither pipes nor devices`,
        received: JSON.stringify(name),
        fix: 'If you trust the file, pass --allow-files-outside; in a program, allowFilesOutside: true.',
      });
    }
    return place;
  };
}
