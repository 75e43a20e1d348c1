import { type Maybe, present } from '../format.ts';
import type { Picture } from './pictures/chart.ts';

/** What comes without opening anything: `main`. A `detail` is folded on a page, and left out in a terminal. */
export type Importance = 'main' | 'detail';

interface Common {
  readonly importance?: Importance | undefined;
}

interface Kinds {
  /** Sentences of one paragraph: the `answer` of a document, a `warning`, or a `note` below a table. Default: plain text. */
  readonly text: { readonly sentences: readonly string[]; readonly look?: 'answer' | 'note' | 'warning' };
  readonly table: { readonly table: Table; readonly sortable?: boolean };
  readonly list: { readonly items: readonly string[] };
  readonly picture: { readonly picture: Picture };
  /** Lines to type or to copy. */
  readonly code: { readonly text: string };
  /** A sentence that begins with a link. */
  readonly link: { readonly text: string; readonly address: string; readonly rest: string };
  readonly contents: object;
  readonly section: { readonly title: string; readonly blocks: readonly Block[] };
}

export type BlockOf<K extends keyof Kinds> = Common & { readonly kind: K } & Kinds[K];

/** A part of a document. Its texts are as the data has them: each printer makes them harmless in its format. */
export type Block = { readonly [K in keyof Kinds]: BlockOf<K> }[keyof Kinds];

/** A report, a model card or an explanation, before a printer writes it for a terminal, in Markdown or in HTML. */
export interface ReportDocument {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Blocks of a document, lists of them, or nothing. */
export type Blocks = Block | false | undefined | readonly Blocks[];

export const blocksOf = (content: Blocks): Block[] =>
  Array.isArray(content) ? content.flatMap(blocksOf) : content ? [content as Block] : [];

export const documentOf = (title: string, ...content: readonly Blocks[]): ReportDocument => ({
  title,
  blocks: blocksOf(content),
});

/** A paragraph, or nothing without a sentence. */
export function text(given: readonly Maybe<string>[], look?: BlockOf<'text'>['look']): Block | false {
  const sentences = present(given);
  return sentences.length > 0 && { kind: 'text', sentences, ...(look && { look }) };
}

/** A paragraph in small letters. */
export const note = (...sentences: readonly Maybe<string>[]): Blocks => text(sentences, 'note');

export const lines = (all: readonly Maybe<string>[], look: BlockOf<'text'>['look']): Blocks =>
  all.map((line) => text([line], look));

export const table = (given: Table | undefined, sortable = false): Blocks =>
  given && { kind: 'table', table: given, ...(sortable && { sortable }) };

export const rows = (head: readonly string[], cells: readonly (readonly string[])[]): Blocks =>
  table(textTable(head, cells));

export function list(given: readonly Maybe<string>[]): Blocks {
  const items = present(given);
  return items.length > 0 && { kind: 'list', items };
}

export const pictures = (all: readonly Picture[], importance?: Importance): Blocks =>
  all.map((picture) => ({ kind: 'picture', picture, ...(importance && { importance }) }));

/** A section, or nothing without blocks. */
export function section(title: string, content: Blocks, importance?: Importance): Blocks {
  const blocks = blocksOf(content);
  return blocks.length > 0 && { kind: 'section', title, blocks, ...(importance && { importance }) };
}

export const picturesOf = (blocks: readonly Block[]): Picture[] =>
  blocks.flatMap((block) =>
    block.kind === 'picture' ? [block.picture] : block.kind === 'section' ? picturesOf(block.blocks) : [],
  );

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

export interface ColumnOf<R> extends TableColumn {
  /** A text, or nothing for an empty cell. */
  cell(row: R): Cell | string | undefined;
}

/** A row for each value. A column that is `false` is left out. */
export function tableOf<R>(values: readonly R[], all: readonly Maybe<ColumnOf<R>>[]): Table {
  const columns = present(all);
  return {
    columns: columns.map(({ cell: _, ...column }) => column),
    rows: values.map((value) =>
      columns.map(({ cell }) => {
        const content = cell(value) ?? '';
        return typeof content === 'string' ? { text: content } : content;
      }),
    ),
  };
}

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
 * Breaks a table into pieces of at most `width`, in the unit of `widths`. Each begins with the first column. Columns of a group stay
 * together, unless the group is too wide.
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
