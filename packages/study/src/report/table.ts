/** A table as text, before a printer lays it out. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface TableColumn {
  /** Columns of one group stay together where a table is broken: the metrics of a task, the gains. Default: each for itself. */
  readonly group?: string;
  /** The line above the title: the task. */
  readonly over?: string;
  /** The marks of warnings after `over`: ` [1]`. */
  readonly overMarks?: string;
  readonly title: string;
  /** The marks of warnings after the title. */
  readonly marks?: string;
}

export interface Cell {
  readonly text: string;
  /** Whether the cell's model is the winner of the column. */
  readonly winner?: boolean;
  /** The marks of the cell's warnings: ` [1] [3]`. */
  readonly marks?: string;
  /** Whether the cell is good or bad news. */
  readonly tone?: 'good' | 'bad' | undefined;
}

/** A column of a table, by the rows' values. */
export interface ColumnOf<R> extends TableColumn {
  /** A text, or nothing for an empty cell. */
  cell(row: R): Cell | string | undefined;
}

/** A table with a row for each value. */
export const tableOf = <R>(values: readonly R[], columns: readonly ColumnOf<R>[]): Table => ({
  columns: columns.map(({ cell: _, ...column }) => column),
  rows: values.map((value) =>
    columns.map(({ cell }) => {
      const content = cell(value) ?? '';
      return typeof content === 'string' ? { text: content } : content;
    }),
  ),
});

/** A table of plain texts. */
export const textTable = (head: readonly string[], rows: readonly (readonly string[])[]): Table => ({
  columns: head.map((title) => ({ title })),
  rows: rows.map((row) => row.map((text) => ({ text }))),
});

/** The rows in the order of a column: numbers by size, texts by the alphabet. */
export function sortedTable({ columns, rows }: Table, column: number, descending: boolean): Table {
  const keys = new Map(rows.map((row) => [row, parseFloat(row[column]!.text.replace(/[,<]/g, ''))]));
  const compare = (a: readonly Cell[], b: readonly Cell[]) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    return Number.isNaN(x) || Number.isNaN(y) ? a[column]!.text.localeCompare(b[column]!.text, 'en') : x - y;
  };
  const sorted = [...rows].sort(compare);
  return { columns, rows: descending ? sorted.reverse() : sorted };
}

/** The length of the longest text of each column, with its marks and a place for a winner's star. */
export const columnLengths = ({ columns, rows }: Table): number[] =>
  columns.map(({ over = '', overMarks = '', title, marks = '' }, i) => {
    const cells = rows.map((row) => row[i]!.text.length + (row[i]!.marks ?? '').length + 1);
    return Math.max(over.length + overMarks.length, title.length + marks.length, ...cells);
  });

/**
 * Breaks a table into pieces of at most `width`. Each piece begins with the first column. Columns of one group, such as the
 * metrics of a task, stay together, unless the group is too wide for a piece.
 *
 * @param width in any unit, such as characters or pixels
 * @param widths of the columns with their margins
 */
export function brokenTable(table: Table, width: number, widths: readonly number[]): Table[] {
  const sum = (columns: readonly number[]) => columns.reduce((total, i) => total + widths[i]!, 0);
  const groupOf = (i: number) => table.columns[i]!.group ?? i;
  const places = table.columns.map((_, i) => i).slice(1);
  const groups = [...new Set(places.map(groupOf))]
    .map((group) => places.filter((i) => groupOf(i) === group))
    .flatMap((group) => (sum([0, ...group]) <= width ? [group] : group.map((i) => [i])));
  const pieces: number[][] = groups.length === 0 ? [[0]] : [];
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
