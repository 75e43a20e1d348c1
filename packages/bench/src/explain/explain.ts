import { flag, optional, text, wholeNumber, readOptions, type Options } from '@polytask/components';
import { encode, shuffle } from '@polytask/data';
import { explainModel, type Explanation, type ExplainOptions, type SeenCount } from '@polytask/study';
import { type EngineOptions, unchecked } from '../run-options.ts';
import { valuesOf, withModelRows } from '../saved-model.ts';

/** The explanation of a model on the rows of a file. */
export interface FileExplanation extends Explanation {
  /** How many rows the model was trained on, which had no effect. Empty if its folder doesn't say so, or without `importance`. */
  readonly leftOut: readonly SeenCount[];
}

/** The options of {@link explain}. */
export interface ExplainFileOptions
  extends Omit<ExplainOptions, 'by' | 'engine'>, Pick<EngineOptions, 'engine' | 'plugins'> {
  /** The column whose segments are compared. Default: none. */
  readonly by?: string | undefined;
  /** At most so many rows, drawn at random. Default: 5,000. */
  readonly limitRows?: number | undefined;
}

export const explainOptions: Options<ExplainFileOptions> = {
  by: optional(text),
  importance: optional(flag),
  repeats: optional(wholeNumber(1)),
  limitRows: optional(wholeNumber(1)),
  seed: optional(wholeNumber()),
  ...unchecked('engine', 'plugins', 'signal'),
};

const ROWS = 5000;

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
  readOptions(options, explainOptions, 'explain');
  const { by, importance = true, repeats, limitRows = ROWS, seed = 0, signal } = options;
  const keep = by === undefined ? [] : [by];
  const read = { ...options, labels: importance, keep, leaveOut: importance ? 'all' : 'none' } as const;
  return withModelRows(folder, file, read, async ({ model, table: whole, mode, leftOut }) => {
    const table =
      whole.size > limitRows
        ? shuffle(whole, seed).subset(Uint32Array.from({ length: limitRows }, (_, i) => i))
        : whole;
    const values = by === undefined ? undefined : valuesOf(table, by);
    const explanation = await explainModel(model, encode(table, model.schema), {
      ...{ by: values, importance, repeats, seed, engine: mode, signal },
    });
    return { ...explanation, leftOut };
  });
}
