import { anything, flag, optional, readOptions, text, wholeNumber } from '@polytask/components';
import type { FromDescription, Option, Written } from '@polytask/components';
import { encode, shuffle } from '@polytask/data';
import { explainModel, explanationDocument, shownAs, type Explanation, type SeenCount } from '@polytask/study';
import { modelOptions } from '../run-options.ts';
import { valuesOf } from '../number-columns.ts';
import { withModelRows } from '../saved-model.ts';

/** The explanation of a model on the rows of a file. */
export interface FileExplanation extends Explanation {
  /** How many rows the model was trained on, which had no effect. Empty if its folder doesn't say so, or without `importance`. */
  readonly leftOut: readonly SeenCount[];
}

export const explainOptions = {
  /** The column whose segments are compared. Default: none. */
  by: optional(text),
  /** Whether to measure the importance of features, which needs labels. */
  importance: optional(flag, true),
  /** How often each feature is permuted. Default: 5. */
  repeats: optional(wholeNumber(1)),
  /** At most so many rows, drawn at random. */
  limitRows: optional(wholeNumber(1), 5000),
  /** The seed of the drawn rows and the permutations. */
  seed: optional(wholeNumber(), 0),
  signal: optional(anything as Option<AbortSignal>),
  ...modelOptions,
};

/** The options of {@link explain}. */
export interface ExplainFileOptions extends Written<typeof explainOptions>, FromDescription {}

/**
 * Explains a trained model on the rows of a file: which experts each task draws on, and how much each task's metric depends on
 * each feature. For the metrics, rows that the model was trained on are left out.
 *
 * @param folder the folder of the model, as `train` or core's `save` writes it
 * @param file CSV or Parquet, like the training rows
 * @throws PolytaskError for invalid options, a missing column, rows without labels, or training rows only
 * @example
 * const { importance } = await explain('people-model', 'test.csv', { by: 'state' });
 * importance!.income.features[0]; // { feature: 'age', drop: 0.021, deviation: 0.002 }
 */
export async function explain(
  folder: string,
  file: string,
  options: ExplainFileOptions = {},
): Promise<FileExplanation> {
  const read = readOptions(options, explainOptions, 'explain');
  const { by, importance, repeats, limitRows, seed, signal, engine, plugins } = read;
  const keep = by === undefined ? [] : [by];
  const rows = { engine, plugins, labels: importance, keep, leaveOut: importance ? 'all' : 'none' } as const;
  return withModelRows(folder, file, rows, async ({ model, table: whole, mode, leftOut }) => {
    const table =
      whole.size > limitRows
        ? shuffle(whole, seed).subset(Uint32Array.from({ length: limitRows }, (_, i) => i))
        : whole;
    const values = by === undefined ? undefined : valuesOf(table, by);
    const explanation = await explainModel(model, encode(table, model.schema), {
      ...{ by: values, importance, repeats, seed, engine: mode, signal },
    });
    return shownAs({ ...explanation, leftOut }, (each) => explanationDocument(folder, each));
  });
}
