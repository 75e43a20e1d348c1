import type { TextTable } from './plain-text.ts';
import { brokenTable, type Cell, type ResultTable } from './result-table.ts';
import { htmlText } from './safe-text.ts';

/** The largest width of a table in pixels: a window of 1280 without its scroll bar and the margins of the page. */
const WIDTH = 1220;
/** The width of a column in pixels, by the style of the page: digits of 13px, and the padding at both sides. */
const columnWidth = (characters: number): number => 7.3 * characters + 17;

/** A table in HTML, with the groups' names above the columns, broken into pieces that fit into the page. */
export const htmlTable = (table: ResultTable): string => brokenTable(table, WIDTH, columnWidth).map(piece).join('\n');

/** A table of text in HTML, broken into pieces that fit into the page. A break may follow each column. */
export const plainTable = ({ head, rows }: TextTable): string =>
  htmlTable({
    columns: head.map((title, i) => ({ group: String(i), over: '', title })),
    rows: rows.map((row) => row.map((text) => ({ text }))),
  });

function piece({ columns, rows }: ResultTable): string {
  const spans: { over: string; marks: string; count: number }[] = [];
  for (const { over, overMarks = '' } of columns) {
    if (spans.at(-1)?.over === over) spans.at(-1)!.count++;
    else spans.push({ over, marks: overMarks, count: 1 });
  }
  const over = spans
    .map(({ over, marks, count }) => `<th colspan="${count}">${htmlText(over)}${marked(marks)}</th>`)
    .join('');
  const above = columns.some(({ over }) => over !== '') ? `<tr class="over">${over}</tr>` : '';
  const head = columns.map(({ title, marks = '' }) => `<th>${htmlText(title)}${marked(marks)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead>${above}<tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function cell({ text, winner = false, marks = '' }: Cell, i: number): string {
  const trimmed = text.trim();
  const content = `${htmlText(winner ? `${trimmed}*` : trimmed)}${marked(marks)}`;
  return i === 0 ? `<th scope="row">${content}</th>` : `<td${kindOf(trimmed, winner)}>${content}</td>`;
}

function kindOf(text: string, winner: boolean): string {
  if (winner) return ' class="winner"';
  if (/▲|^better$/.test(text)) return ' class="good"';
  return /▼|^worse$/.test(text) ? ' class="bad"' : '';
}

const marked = (marks: string): string => (marks === '' ? '' : `<span class="mark">${marks}</span>`);
