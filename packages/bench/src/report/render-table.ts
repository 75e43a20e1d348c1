import pc from 'picocolors';
import { aheadOf } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { counted } from './format.ts';
import { footnotes } from './footnotes.ts';
import { comparisonTable } from './comparison-table.ts';
import { GUTTER, linelessTable } from './lineless-table.ts';
import { resultTable, type Cell, type ResultTable } from './result-table.ts';

export interface TableOptions {
  /** Where lines would be longer, the table is broken between tasks. Default: never. */
  readonly width?: number | undefined;
  /** Bold and grey by ANSI codes. Default false. */
  readonly colors?: boolean | undefined;
}

/** The summary as text for a terminal: a row a model, and what one has to know to read it. */
export function renderTable(summary: Summary, { width = Infinity, colors = false }: TableOptions = {}): string {
  const paint = pc.createColors(colors);
  const { suite, setting, seeds, engine } = summary;
  const title = paint.bold(
    `${suite}${setting === '' ? '' : `, ${setting}`}: ${counted(summary.models.length, 'model')}, ${counted(seeds.length, 'seed')}, on ${engine}`,
  );
  const parts = broken(resultTable(summary), width).map((part) => layOut(part, paint));
  const compared = seeds.length > 1 ? comparisonTable(summary, aheadOf(summary)) : undefined;
  const differences = compared
    ? [
        paint.bold(`minus ${summary.baseline}`),
        '',
        broken(compared, width)
          .map((part) => layOut(part, paint))
          .join('\n\n'),
        '',
      ]
    : [];
  return [
    title,
    '',
    parts.join('\n\n'),
    '',
    ...differences,
    ...footnotes(summary).map((line) => paint.dim(line)),
    '',
  ].join('\n');
}

function layOut({ columns, rows }: ResultTable, paint: ReturnType<typeof pc.createColors>): string {
  const starred = columns.map((_, i) => rows.some((row) => row[i]!.winner));
  const text = ({ text, winner }: Cell, i: number) =>
    winner ? paint.bold(`${text}*`) : starred[i] ? `${text} ` : text;
  // A group's name stands over the first of its columns.
  const over = columns.map((column, i) => (columns[i - 1]?.over === column.over ? '' : column.over));
  return linelessTable([
    ...(over.some(Boolean) ? [over.map((name) => paint.bold(name))] : []),
    columns.map(({ title }, i) => paint.dim(starred[i] ? `${title} ` : title)),
    ...rows.map((row) => row.map(text)),
  ]);
}

/** Pieces that fit into a width, each with the models' names before it. */
function broken(table: ResultTable, width: number): ResultTable[] {
  const widths = table.columns.map(
    ({ over, title }, i) =>
      GUTTER + Math.max(over.length, title.length, ...table.rows.map((row) => row[i]!.text.length + 1)),
  );
  const groups = [...new Set(table.columns.slice(1).map(({ group }) => group))].map((group) =>
    table.columns.flatMap((column, i) => (i > 0 && column.group === group ? [i] : [])),
  );
  const pieces: number[][] = [];
  const widthOf = (columns: readonly number[]) => columns.reduce((sum, i) => sum + widths[i]!, 0);
  for (const group of groups) {
    const last = pieces.at(-1);
    if (last && widthOf(last) + widthOf(group) <= width) last.push(...group);
    else pieces.push([0, ...group]);
  }
  return pieces.map((piece) => ({
    columns: piece.map((i) => table.columns[i]!),
    rows: table.rows.map((row) => piece.map((i) => row[i]!)),
  }));
}
