import { htmlText, type NotebookView } from '@polytask/components';
import { counted, grouped } from '../words/words.ts';
import type { Description } from './description.ts';
import { htmlTable } from '../table/html-table.ts';

const MOST_COLUMNS = 60;

/** What a notebook shows of a description: its columns, labels first, with the reasons for their uses, and its warnings. */
export function descriptionView({ columns, tasks, warnings, suggestions, sample }: Description): NotebookView {
  const why = new Map(tasks.map((task) => [task.column, task.why]));
  const isLabel = ({ use }: Description['columns'][number]) => use === 'label';
  const all = [...columns.filter(isLabel), ...columns.filter((each) => !isLabel(each))];
  const rest = all.length - MOST_COLUMNS;
  const text =
    `${counted(sample.total, 'row')}, ${counted(columns.length, 'column')}` +
    `${rest > 0 ? `. Shown: the first ${MOST_COLUMNS} columns` : ''}.`;
  const table = htmlTable(
    ['name', 'used as', 'missing', 'values', 'examples', 'why'],
    all
      .slice(0, MOST_COLUMNS)
      .map((column) => [
        ...[column.name, column.use === 'feature' ? column.kind : `${column.use.replace('-', ' ')}, ${column.kind}`],
        ...[grouped(column.missing), grouped(column.distinct), column.examples.join(', ')],
        why.get(column.name) ?? column.why,
      ]),
  );
  const lines = [...warnings, ...suggestions].map(({ message }) => `<li>${withCode(htmlText(message))}</li>`);
  return { text, html: `<p>${text}</p>${table}${lines.length > 0 ? `<ul>${lines.join('')}</ul>` : ''}` };
}

/** Names and options stand between backticks in messages. */
const withCode = (html: string): string => html.replace(/`([^`]+)`/g, '<code>$1</code>');
