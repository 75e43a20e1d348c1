import { existsSync } from 'node:fs';
import path from 'node:path';
import { fail } from '@polytask/core';
import type { ExternalModel } from '@polytask/study';
import { readExternal } from '../number-columns.ts';

const ENDINGS = ['parquet', 'csv', 'csv.gz'];

/** The folder of a setting below a directory: the directory itself for a suite with one setting. */
export const settingFolder = (directory: string, setting: string): string =>
  path.join(directory, setting.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-'));

/**
 * A model that was trained elsewhere, by a directory of its predictions: `seed-1.csv`, `.csv.gz` or `.parquet` for each seed. A suite with
 * several settings has a folder for each. A file has a column `row_id`, as `splitDataset` writes it, and the predictions of each task.
 *
 * @param name the name of its row in the tables
 * @example await runSuite({ suite: 'census-income', directory: 'data', externals: [externalFolder('lightgbm', 'predictions')] });
 */
export const externalFolder = (name: string, directory: string): ExternalModel => ({
  name,
  async read(setting, seed, tasks) {
    const base = path.join(settingFolder(directory, setting), `seed-${seed}`);
    const source = ENDINGS.map((ending) => `${base}.${ending}`).find((file) => existsSync(file));
    if (source === undefined)
      return fail({
        expected: `the predictions of "${name}" for seed ${seed} in ${base}.csv or .parquet`,
        received: 'no such file',
        fix: 'Write the predictions of each seed, or name fewer --seeds.',
      });
    return readExternal(source, tasks);
  },
});
