import { htmlText, type NotebookView } from '@polytask/components';
import { type ColumnRows, valueReader } from '../columns/columns.ts';
import { type Declaration, needsOf, taskNeeds } from '../declarations/declaration.ts';
import { counted, listed, short } from '../words/words.ts';
import { htmlTable } from './html-table.ts';

const MOST_ROWS = 10;
const MOST_COLUMNS = 20;
/** The most entries of a list or a vector in a cell. */
const MOST_ENTRIES = 5;
const LONGEST = 60;

/** What a notebook shows of a table: its size, and the first rows of the first columns. Labels come first. */
export function tableView(table: Declaration & ColumnRows): NotebookView {
  const { size, features, tasks } = table;
  const needs = [...Object.entries(tasks).flatMap(([name, task]) => taskNeeds(name, task)), ...needsOf(table)];
  const all = [...new Map(needs.map((need) => [need.key, need])).values()];
  const columns = all.slice(0, MOST_COLUMNS);
  const shown = Math.min(size, MOST_ROWS);
  const cellsOf = columns.map((need) => valueReader(table, need));
  const rows = Array.from({ length: shown }, (_, row) => cellsOf.map((read) => cellText(read(row))));
  const cut = [
    ...(shown < size ? [counted(shown, 'row')] : []),
    ...(columns.length < all.length ? [`${columns.length} of ${counted(all.length, 'column')}`] : []),
  ];
  const names = Object.keys(tasks);
  const text =
    `${counted(size, 'row')}, ${counted(Object.keys(features).length, 'feature')}, ` +
    `${names.length === 0 ? 'no tasks' : `${counted(names.length, 'task')}: ${listed(names)}`}.` +
    (cut.length > 0 ? ` Shown: the first ${cut.join(', ')}.` : '');
  return {
    text,
    html: `<p>${htmlText(text)}</p>${htmlTable(
      columns.map(({ key }) => key),
      rows,
    )}`,
  };
}

/** A cell in one line: numbers with four digits, the first entries of a list, nothing for a missing value. */
function cellText(value: unknown): string {
  if (value === null || Number.isNaN(value)) return '';
  if (typeof value === 'number') return short(value);
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
  const entries = Array.from(value as ArrayLike<unknown>);
  const first = entries.slice(0, MOST_ENTRIES).map(cellText).join(', ');
  return `[${first}${entries.length > MOST_ENTRIES ? ', …' : ''}]`;
}
