import pc from 'picocolors';
import { aheadOf } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { brokenTable } from './broken-table.ts';
import { comparisonTable } from './comparison-table.ts';
import { footnotes } from './footnotes.ts';
import { counted } from './format.ts';
import { GUTTER, linelessTable } from './lineless-table.ts';
import { markWarnings } from './marked-warnings.ts';
import { overviewOf } from './overview.ts';
import { resultTable, type Cell, type ResultTable } from './result-table.ts';
import { rowsSentences } from './rows-sentence.ts';
import { verdict } from './verdict.ts';
import { wrapped } from './wrapped.ts';

export interface TableOptions {
  /** Where lines would be longer, they are wrapped, and tables are broken between tasks. Default: never. */
  readonly width?: number | undefined;
  /** Bold and gray by ANSI codes. Default false. */
  readonly colors?: boolean | undefined;
}

/**
 * The outcome of a run as text for a terminal. Several settings have an overview and the verdict of each before the details.
 *
 * @example process.stdout.write(renderOutcome((await runSuite({ suite: 'synthetic-correlation' })).summaries, { width: 120 }));
 */
export function renderOutcome(summaries: readonly Summary[], options: TableOptions = {}): string {
  const overview = overviewOf(summaries);
  const details = summaries.map((summary) => `\n${renderTable(summary, options)}`).join('');
  if (!overview) return details;
  const { width = Infinity, colors = false } = options;
  const paint = pc.createColors(colors);
  return [
    '',
    paint.bold(`${summaries[0]!.suite}: ${counted(summaries.length, 'setting')}`),
    '',
    wrapped(overview.sentences.join(' '), width),
    '',
    layOut(overview.table, width, paint),
    '',
    ...overview.notes.map((note) => paint.dim(wrapped(note, width))),
    '',
    ...summaries.map((summary) => wrapped(`${paint.bold(summary.setting)}: ${verdict(summary).join(' ')}`, width)),
    details,
  ].join('\n');
}

/** One setting as text for a terminal: the verdict, a row a model, and what one has to know to read it. */
export function renderTable(summary: Summary, { width = Infinity, colors = false }: TableOptions = {}): string {
  const paint = pc.createColors(colors);
  const { suite, setting, seeds, engine } = summary;
  const title = paint.bold(
    `${suite}${setting === '' ? '' : `, ${setting}`}: ${counted(summary.models.length, 'model')}, ${counted(seeds.length, 'seed')}, on ${engine}`,
  );
  const warnings = markWarnings(summary);
  const compared = seeds.length > 1 ? comparisonTable(summary, aheadOf(summary)) : undefined;
  const rows = rowsSentences(summary).join(' ');
  return [
    title,
    wrapped(verdict(summary).join(' '), width),
    ...(rows === '' ? [] : [paint.dim(wrapped(rows, width))]),
    '',
    layOut(resultTable(summary, warnings), width, paint),
    '',
    ...warnings.lines.map((line) => paint.yellow(wrapped(line, width))),
    ...(warnings.lines.length > 0 ? [''] : []),
    ...(compared ? [paint.bold(`minus ${summary.baseline}`), '', layOut(compared, width, paint), ''] : []),
    ...footnotes(summary).map((line) => paint.dim(wrapped(line, width))),
    '',
  ].join('\n');
}

/** In pieces that fit into the width. */
const layOut = (table: ResultTable, width: number, paint: ReturnType<typeof pc.createColors>): string =>
  brokenTable(table, width, (characters) => characters + GUTTER)
    .map((piece) => layOutPiece(piece, paint))
    .join('\n\n');

function layOutPiece({ columns, rows }: ResultTable, paint: ReturnType<typeof pc.createColors>): string {
  const starred = columns.map((_, i) => rows.some((row) => row[i]!.winner));
  const marked = columns.map((_, i) => Math.max(...rows.map((row) => (row[i]!.marks ?? '').length)));
  // Numbers stand below each other: what has no star and no mark gets spaces instead. Names need none.
  const text = ({ text, winner, marks = '' }: Cell, i: number) =>
    (winner ? paint.bold(`${text}*`) : starred[i] ? `${text} ` : text) + (i === 0 ? marks : marks.padEnd(marked[i]!));
  // A group's name stands over the first of its columns.
  const over = columns.map((column, i) =>
    columns[i - 1]?.over === column.over ? '' : `${column.over}${column.overMarks ?? ''}`,
  );
  return linelessTable([
    ...(over.some(Boolean) ? [over.map((name) => paint.bold(name))] : []),
    columns.map(({ title, marks = '' }, i) =>
      paint.dim(`${title}${marks}${starred[i] ? ' ' : ''}${i === 0 ? '' : ' '.repeat(marked[i]!)}`),
    ),
    ...rows.map((row) => row.map(text)),
  ]);
}
