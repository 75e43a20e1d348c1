import path from 'node:path';
import { anything, fail, oneOf, optional, readOptions, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import { labelsOf, decodeFeatures, openFolder, type Examples, type Task } from '@polytask/core';
import { decodedLabels } from '@polytask/core/internal';
import { rawFeatures, type RawLabels, type Table, rawLabels } from '@polytask/data';
import { writeRows, type ColumnValues, type FileColumn } from '@polytask/server';
import { createSuite, openData, openSetting, rowIds, type RowPart, suiteChoices } from '@polytask/study';
import { foldOfRows } from '@polytask/training/internal';
import { engineOptions } from '../run-options.ts';
import { loadPlugins } from '../modules/imported-modules.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { writeWhole } from '../text-files.ts';
import { ROW_ID } from '../number-columns.ts';
import { settingFolder } from './external-folder.ts';

const { seeds, directory, limitRows } = suiteChoices;
const description = {
  /** The directory to write to. */
  out: text,
  /** The format of the files. */
  format: optional(oneOf('parquet', 'csv'), 'parquet'),
  /**
   * The number of folds of the training rows, for out-of-fold predictions of a teacher: 2 or more. The file of training rows then has a
   * column `fold`, from 1. Folds keep the groups of the split together, or are periods of a split by time. Default: no folds.
   */
  folds: optional(wholeNumber(2)),
  /** Called with each warning about the data. */
  onNote: optional(anything as Option<(message: string) => void>),
  /** Called when the files of a seed are written. */
  onSeed: optional(anything as Option<(folder: string) => void>),
  ...{ seeds, directory, limitRows, plugins: engineOptions.plugins, access: engineOptions.access },
};

export interface SplitDatasetOptions extends Written<typeof description>, FromDescription {}

const CHUNK = 65_536;
const FOLD = 'fold';

/**
 * Writes the training, validation and test rows of a suite's trials, for a model of another program.
 *
 * Each seed has a folder, such as `seed-1`, with the files `train`, `validation` and `test`. The file `split.json` names the tasks and
 * the columns. The features and labels are as the files have them. Test rows have no labels: `runSuite` measures the predictions.
 * A suite whose rows were made encoded, such as `synthetic`, has them decoded, to the precision of 32 bits.
 *
 * @param suite the name of a suite, or a file of a suite or of a data set
 * @throws PolytaskError on an unknown option or suite, or data that can't be read
 * @example await splitDataset('census-income', { directory: 'data/census', seeds: [1, 2, 3], out: 'rows' });
 */
export async function splitDataset(suite: string, options: SplitDatasetOptions): Promise<void> {
  const read = readOptions(options, description, 'splitDataset');
  const { out, format, folds, plugins = [], access, onNote, onSeed, ...choices } = read;
  await loadPlugins(plugins);
  const resolved = await createSuite({ suite, ...choices }, suiteLoader(access));
  if (resolved.folds !== undefined)
    fail({
      expected: 'a suite over seeds, to write the rows of each',
      received: `${resolved.name}, whose trials have ${resolved.folds} folds`,
      fix: 'Name the data set, or a suite without folds.',
    });
  const data = openData(() => Promise.resolve(resolved.entry));
  const settings: object[] = [];
  for (const setting of resolved.settings) {
    const { request, common, notes } = await openSetting(resolved, setting, { name: 'none', mode: 'eager' }, data);
    for (const { message } of notes) onNote?.(message);
    const { tasks } = await data.data(request);
    const folder = settingFolder(out, setting.title);
    const kinds: Record<string, FileColumn['kind']> = {};
    const about = { title: setting.title, folder: path.relative(out, folder) || '.', data: common.data };
    settings.push({ ...about, tasks, columns: kinds });
    for (const seed of resolved.seeds) {
      const seedFolder = path.join(folder, `seed-${seed}`);
      await openFolder(seedFolder).write(() => Promise.resolve());
      const { train, validation, test, raw, trainUnits } = await data.rows(request, seed);
      const tables = raw?.();
      const foldOf = folds === undefined ? undefined : foldOfRows(train, { folds, seed, ...trainUnits?.() });
      for (const [part, examples] of Object.entries({ train, validation, test: test() }) as [RowPart, Examples][]) {
        const columns = columnsOf(examples, {
          ...{ raw: tables?.[part], idOf: rowIds(common.data, seed, part), isLabeled: part !== 'test' },
          foldOf: part === 'train' ? foldOf : undefined,
        });
        for (const { name, kind } of columns.files) kinds[name] = kind;
        await writeRows(path.join(seedFolder, `${part}.${format}`), columns.files, columns.chunks());
      }
      onSeed?.(seedFolder);
    }
  }
  const document = { suite: resolved.name, format, seeds: resolved.seeds, ...(folds && { folds }), settings };
  await writeWhole(path.join(out, 'split.json'), `${JSON.stringify(document, null, 2)}\n`);
}

interface PartOfSplit {
  readonly raw: Table | undefined;
  readonly idOf: (row: number) => string;
  readonly isLabeled: boolean;
  /** [rows] the fold of each row, from 0. */
  readonly foldOf: Uint32Array | undefined;
}

function columnsOf(examples: Examples, { raw, idOf, isLabeled, foldOf }: PartOfSplit) {
  const rawRows = (from: number, to: number) => ({
    features: rawFeatures(raw!, from, to),
    labelsOf: (name: string, task: Task) => rawLabels(raw!, name, task, from, to),
  });
  const valuesIn = raw ? rawRows : decodedRows(examples);
  const read = (from: number, to: number): (FileColumn & { readonly values: ColumnValues })[] => {
    const { features, labelsOf } = valuesIn(from, to);
    return [
      { name: ROW_ID, kind: 'text', values: Array.from({ length: to - from }, (_, i) => idOf(from + i)) },
      ...(foldOf
        ? [{ name: FOLD, kind: 'double' as const, values: Array.from(foldOf.subarray(from, to), (fold) => fold + 1) }]
        : []),
      ...features.map(({ name, kind, values }) => ({
        ...{ name, kind: kind === 'text' ? kind : ('double' as const), values: values as ColumnValues },
      })),
      ...(isLabeled ? Object.entries<Task>(examples.schema.tasks) : []).flatMap(([name, task]) => {
        const { labels, weights } = labelsOf(name, task);
        const kind = 'double' as const;
        return [
          { name: `${name}.label`, kind, values: labels as ColumnValues },
          { name: `${name}.weight`, kind, values: weights as ColumnValues },
        ];
      }),
    ];
  };
  const files = read(0, 0).map(({ name, kind }): FileColumn => ({ name, kind }));
  const repeated = files.find(({ name }, i) => files.findIndex((other) => other.name === name) !== i);
  if (repeated)
    fail({
      expected: 'columns of different names in the files of rows',
      received: `"${repeated.name}" twice`,
      fix: 'Rename that feature in the data set file: { "kind": …, "from": COLUMN }.',
    });
  return {
    files,
    *chunks() {
      for (let from = 0; from < examples.size; from += CHUNK)
        yield read(from, Math.min(examples.size, from + CHUNK)).map(({ values }) => values);
    },
  };
}

/** The features of rows `from` … `to` − 1, and the labels and weights of a task, as a file would have them. */
const decodedRows =
  ({ batch: read, schema }: Examples) =>
  (from: number, to: number) => {
    const batch = read(Uint32Array.from({ length: to - from }, (_, i) => from + i));
    return {
      features: decodeFeatures(batch, schema),
      labelsOf(name: string, task: Task): RawLabels {
        const { labels, weights } = labelsOf(batch, name);
        return {
          labels: Array.from(decodedLabels(task, labels), (label, i) => (weights[i]! > 0 ? label : null)),
          weights: Array.from(weights),
        };
      },
    };
  };
