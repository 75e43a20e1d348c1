import { fail, type MultiTaskModel } from '@polytask/core';
import {
  concatenate,
  readTrainedModel,
  type RowFormat,
  rowStream,
  type RowStreamOptions,
  type Table,
} from '@polytask/data';
import type { TrainingMode } from '@polytask/study';
import { openEngine } from './engines.ts';
import type { OpenRunOptions } from './open-run.ts';
import { loadPlugins } from './plugins.ts';

import '@polytask/adatt'; // these four packages define the components of saved models
import '@polytask/baselines';
import '@polytask/experts';
import '@polytask/gating';

/** A saved model, and the rows of a file. */
export interface ModelRows {
  readonly model: MultiTaskModel;
  readonly format: RowFormat;
  readonly table: Table;
  readonly mode: TrainingMode;
}

/**
 * Opens a saved model and reads the rows of a file, for a function that uses both. Afterwards the model is disposed of.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file rows like the training rows: CSV, JSON lines or Parquet
 * @throws PolytaskError for a folder without a whole model, a missing column, a cell that doesn't fit, and a file without rows
 */
export async function withModelRows<R>(
  folder: string,
  file: string,
  { engine, plugins = [], ...read }: Pick<OpenRunOptions, 'engine' | 'plugins'> & RowStreamOptions,
  use: (opened: ModelRows) => Promise<R>,
): Promise<R> {
  await loadPlugins(plugins);
  const { mode } = await openEngine(engine);
  const { model, rows: format } = await readTrainedModel(folder);
  try {
    const tables: Table[] = [];
    for await (const each of (await rowStream(file, format, read)).tables()) tables.push(each);
    if (tables.length === 0) fail({ expected: `rows in ${file}`, received: 'none', mend: 'Pass another file.' });
    return await use({ model, format, table: concatenate(tables), mode });
  } finally {
    model.dispose();
  }
}
