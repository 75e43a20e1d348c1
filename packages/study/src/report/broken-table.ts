import type { ResultTable } from './result-table.ts';

/**
 * Pieces of a table that fit into a width, each with the models' names before it. Columns of one group, such as those of a
 * task, stay together; a group that is wider by itself is a piece of its own.
 *
 * @param width in any unit, such as characters or pixels
 * @param widthOf the width of a column whose longest text has so many characters, with the space around it
 */
export function brokenTable(table: ResultTable, width: number, widthOf: (characters: number) => number): ResultTable[] {
  const widths = table.columns.map(({ over, overMarks = '', title, marks = '' }, i) => {
    const cells = table.rows.map((row) => row[i]!.text.length + (row[i]!.marks ?? '').length + 1); // with its star
    return widthOf(Math.max(over.length + overMarks.length, title.length + marks.length, ...cells));
  });
  const groups = [...new Set(table.columns.slice(1).map(({ group }) => group))].map((group) =>
    table.columns.flatMap((column, i) => (i > 0 && column.group === group ? [i] : [])),
  );
  const pieces: number[][] = [];
  const sum = (columns: readonly number[]) => columns.reduce((total, i) => total + widths[i]!, 0);
  for (const group of groups) {
    const last = pieces.at(-1);
    if (last && sum(last) + sum(group) <= width) last.push(...group);
    else pieces.push([0, ...group]);
  }
  return pieces.map((piece) => ({
    columns: piece.map((i) => table.columns[i]!),
    rows: table.rows.map((row) => piece.map((i) => row[i]!)),
  }));
}
