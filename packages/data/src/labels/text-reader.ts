import { columnIn, type ColumnRows } from '../columns/columns.ts';

/**
 * Reads labels of a column of texts. NaN for an empty cell.
 *
 * @param labelOf the label of a text; undefined for one that is no label of the task
 * @param wrong throws for such a text
 */
export function textReader(
  table: ColumnRows,
  column: string,
  labelOf: (text: string) => number | undefined,
  wrong: (text: string, row: number) => never,
): (row: number) => number {
  const { codes, dictionary } = columnIn(table, 'texts', column);
  const labels = Float64Array.from(dictionary, (text) => labelOf(text) ?? Infinity); // Infinity: no label of this task
  return (row) => {
    const code = codes[row]!;
    const found = code < 0 ? NaN : labels[code]!;
    return found === Infinity ? wrong(dictionary[code]!, row) : found;
  };
}
