import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  checkOptions,
  checks,
  decodeFeatures,
  decodeLabel,
  type Examples,
  type Options,
  type Task,
} from '@polytask/core';
import type { DatasetAccess } from '@polytask/data';
import { writeRows, type ColumnValues, type FileColumn } from '@polytask/server';
import { openData, openSetting, rowIds, suiteOf, type RowPart, type SuiteChoices } from '@polytask/study';
import { loadPlugins } from '../plugins.ts';
import { suiteLoader } from '../suites/load-suite.ts';
import { writeWhole } from '../text-files.ts';
import { ROW_ID, settingFolder } from './external-folder.ts';

export interface SplitDatasetOptions extends Pick<SuiteChoices, 'seeds' | 'directory' | 'limitRows'> {
  /** The directory to write to. */
  readonly out: string;
  /** The format of the files. Default: `parquet`. */
  readonly format?: 'parquet' | 'csv' | undefined;
  /** Packages or files to import first. They may define the suite. */
  readonly plugins?: readonly string[] | undefined;
  /** What a data set file may read. */
  readonly access?: DatasetAccess | undefined;
  /** Called when the files of a seed are written. */
  readonly onSeed?: ((folder: string) => void) | undefined;
}

const { listOf, oneOf, optional, text } = checks;
const anything = () => {};

const OPTIONS: Options<SplitDatasetOptions> = {
  seeds: anything,
  directory: anything,
  limitRows: anything,
  out: text,
  format: optional(oneOf('parquet', 'csv')),
  plugins: optional(listOf(text)),
  access: anything,
  onSeed: anything,
};

/** How many rows are decoded at a time. */
const CHUNK = 65_536;

/**
 * Writes the training, validation and test rows of a suite's trials, for a model of another program.
 *
 * Each seed has a folder, such as `seed-1`, with the files `train`, `validation` and `test`. The file `split.json` names the tasks and
 * the columns. The features are as the models read them. Test rows have no labels: `runSuite` measures the predictions.
 *
 * @param suite the name of a suite, or a file of a suite or of a data set
 * @throws PolytaskError on an unknown option or suite, or data that can't be read
 * @example await splitDataset('census-income', { directory: 'data/census', seeds: [1, 2, 3], out: 'rows' });
 */
export async function splitDataset(suite: string, options: SplitDatasetOptions): Promise<void> {
  checkOptions(options, OPTIONS, 'splitDataset');
  const { out, format = 'parquet', plugins = [], access, onSeed, ...choices } = options;
  await loadPlugins(plugins);
  const resolved = await suiteOf({ suite, ...choices }, suiteLoader(access));
  const data = openData(() => Promise.resolve(resolved.row));
  const settings: object[] = [];
  for (const setting of resolved.settings) {
    const { request, common } = await openSetting(resolved, setting, { name: 'none', mode: 'eager' }, data);
    const { tasks } = await data.data(request);
    const folder = settingFolder(out, setting.title);
    const kinds: Record<string, FileColumn['kind']> = {};
    const about = { title: setting.title, folder: path.relative(out, folder) || '.', data: common.data };
    settings.push({ ...about, tasks, columns: kinds });
    for (const seed of resolved.seeds) {
      const seedFolder = path.join(folder, `seed-${seed}`);
      await mkdir(seedFolder, { recursive: true });
      const { train, validation, test } = await data.rows(request, seed);
      for (const [part, examples] of Object.entries({ train, validation, test: test() }) as [RowPart, Examples][]) {
        const columns = columnsOf(examples, rowIds(common.data, seed, part), part !== 'test');
        for (const { name, kind } of columns.files) kinds[name] = kind;
        await writeRows(path.join(seedFolder, `${part}.${format}`), columns.files, columns.chunks());
      }
      onSeed?.(seedFolder);
    }
  }
  const document = { suite: resolved.name, format, seeds: resolved.seeds, settings };
  await writeWhole(path.join(out, 'split.json'), `${JSON.stringify(document, null, 2)}\n`);
}

/** A column with its values in some rows. */
interface RowColumn extends FileColumn {
  readonly values: ColumnValues;
}

/** The columns of some rows in a file. */
function columnsOf(examples: Examples, idOf: (row: number) => string, isLabeled: boolean) {
  const read = (from: number, to: number) => decodedRows(examples, from, to, idOf, isLabeled);
  return {
    files: read(0, 0).map(({ name, kind }): FileColumn => ({ name, kind })),
    *chunks() {
      for (let from = 0; from < examples.size; from += CHUNK)
        yield read(from, Math.min(examples.size, from + CHUNK)).map(({ values }) => values);
    },
  };
}

/** Rows `from` … `to` − 1 as columns: ids, features, and for each task `TASK.label` and `TASK.weight`. */
function decodedRows(
  { batch: read, schema }: Examples,
  from: number,
  to: number,
  idOf: (row: number) => string,
  isLabeled: boolean,
): RowColumn[] {
  const batch = read(Uint32Array.from({ length: to - from }, (_, i) => from + i));
  const ids = Array.from({ length: to - from }, (_, i) => idOf(from + i));
  return [
    { name: ROW_ID, kind: 'text', values: ids },
    ...decodeFeatures(batch, schema).map(({ name, kind, values }): RowColumn => ({
      name,
      kind: kind === 'text' ? 'text' : 'double',
      values: values as ColumnValues,
    })),
    ...(isLabeled ? Object.entries<Task>(schema.tasks) : []).flatMap(([name, task]): RowColumn[] => {
      const weights = batch.weights[name]!;
      const labels = Array.from(batch.labels[name]!, (label, i) => (weights[i]! > 0 ? decodeLabel(task, label) : null));
      return [
        { name: `${name}.label`, kind: 'double', values: labels },
        { name: `${name}.weight`, kind: 'double', values: Array.from(weights) },
      ];
    }),
  ];
}
