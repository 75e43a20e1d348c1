import path from 'node:path';
import { anything, fail, listOf, optional, readOptions, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import { explainRows } from '@polytask/core';
import { explainerOf } from '@polytask/core/internal';
import { encode, rawFeatures, readRows, type Table } from '@polytask/data';
import { rowExplanations, shownAs, type ExplainedRows } from '@polytask/study';
import { modelOptions } from '../run-options.ts';
import { withModel } from '../saved-model.ts';

export const explainFileRowsOptions = {
  /** The numbers of the rows to explain, from 1. */
  rows: listOf(wholeNumber(1), 1),
  /**
   * A file like the training rows, of which 100 random rows are the background. Default: the file itself. Boosted trees have the shares of
   * their training rows instead.
   */
  background: optional(text),
  /** The seed of the background rows, and of sampled orders of the features. */
  seed: optional(wholeNumber(), 0),
  signal: optional(anything as Option<AbortSignal>),
  ...modelOptions,
};

/** The options of {@link explainFileRows}. */
export interface ExplainFileRowsOptions extends Written<typeof explainFileRowsOptions>, FromDescription {}

/**
 * Explains the predictions of rows of a file, by the contributions of their features: core's `explainRows` for a saved model.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file like the training rows; labels aren't read
 * @throws PolytaskError for invalid options, a missing column, and a row that the file lacks
 * @example
 * const { rows } = await explainFileRows('people-model', 'new.csv', { rows: [1, 2] });
 * rows[0]!.tasks['income']!.outputs[0]!.contributions; // { age: 0.41, occupation: -0.08 }
 */
export async function explainFileRows(
  folder: string,
  file: string,
  options: ExplainFileRowsOptions,
): Promise<ExplainedRows> {
  const { rows, background, seed, signal } = readOptions(options, explainFileRowsOptions, 'explainFileRows');
  return withModel(folder, options, async ({ model, rows: format }) => {
    const { schema } = model;
    const table = await readRows(file, format);
    const last = Math.max(...rows);
    if (last > table.size)
      fail({
        expected: `row numbers up to ${table.size}, the rows of ${file}`,
        received: String(last),
        fix: 'Count rows from 1, without the line of the names.',
      });
    const isAlone = background === undefined && explainerOf(model) !== undefined;
    if (table.size === 1 && !isAlone && background === undefined)
      fail({
        expected: `other rows, which the row of ${file} is compared with`,
        received: 'none',
        fix: 'Pass --background with a file like the training rows.',
      });
    const chosen = table.subset(rows.map((row) => row - 1));
    const others = isAlone ? undefined : background === undefined ? table : await readRows(background, format);
    const explained = await explainRows(model, encode(chosen, schema), {
      ...{ seed, signal },
      background: others && encode(others, schema),
    });
    const result: ExplainedRows = {
      ...explained,
      source: isAlone ? null : path.basename(background ?? file),
      schema: schema.tasks,
      rows: explained.rows.map((tasks, row) => ({ row: chosen.where(row), values: valuesOf(chosen, row), tasks })),
    };
    return shownAs(result, (each) => rowExplanations(`${folder}, explained`, each));
  });
}

/** The values of a row by feature, as the file has them. Numbers of a vector, and columns of a sequence, are one text. */
function valuesOf(table: Table, row: number): Record<string, string | number | null> {
  const all = rawFeatures(table, row, row + 1);
  return Object.fromEntries(
    Object.keys(table.features).map((feature) => {
      const own = all.filter(({ name }) => name === feature || name.startsWith(`${feature}[`));
      const values = own.map(({ values: [value] }) => value ?? null);
      return [feature, values.length === 1 ? values[0]! : values.join(', ')];
    }),
  );
}
