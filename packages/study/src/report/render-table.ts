import pc from 'picocolors';
import type { Summary } from '../summary/summary.ts';
import { comparisonTable } from './differences.ts';
import { footnotes } from './footnotes.ts';
import { counted } from './format.ts';
import { markWarnings } from './marked-warnings.ts';
import { overviewOf } from './overview.ts';
import { GUTTER, linelessTable, wrapped } from './plain-text.ts';
import { brokenTable, type Cell, resultTable, type ResultTable } from './result-table.ts';
import { rowsSentences } from './row-counts.ts';
import { mapTexts, printableLine } from './safe-text.ts';
import { verdict } from './verdict.ts';

export interface TableOptions {
  /** The longest line in characters. Longer lines wrap, and wider tables break between tasks. Default: no limit. */
  readonly width?: number | undefined;
  /** Whether to write bold and gray text by ANSI codes. Default: false. */
  readonly colors?: boolean | undefined;
}

/**
 * Renders the outcome of a run as text for a terminal. A run of several settings begins with an overview and all verdicts.
 *
 * @example process.stdout.write(renderOutcome((await runSuite({ suite: 'synthetic-correlation' })).summaries, { width: 120 }));
 */
export function renderOutcome(given: readonly Summary[], options: TableOptions = {}): string {
  const summaries = mapTexts(given, printableLine);
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

/**
 * Renders one setting as text for a terminal: the verdict, a table with a row for each model, and its footnotes.
 *
 * @example console.log(renderTable(summary, { width: 120 }));
 */
export function renderTable(given: Summary, { width = Infinity, colors = false }: TableOptions = {}): string {
  const summary = mapTexts(given, printableLine);
  const paint = pc.createColors(colors);
  const { suite, setting, seeds, engine } = summary;
  const place = `${suite}${setting === '' ? '' : `, ${setting}`}`;
  const counts = `${counted(summary.models.length, 'model')}, ${counted(seeds.length, 'seed')}`;
  const warnings = markWarnings(summary);
  const comparison = seeds.length > 1 ? comparisonTable(summary) : undefined;
  const rows = rowsSentences(summary).join(' ');
  return [
    paint.bold(`${place}: ${counts}, on ${engine}`),
    wrapped(verdict(summary).join(' '), width),
    ...(rows === '' ? [] : [paint.dim(wrapped(rows, width))]),
    '',
    layOut(resultTable(summary, warnings), width, paint),
    '',
    ...warnings.lines.map((line) => paint.yellow(wrapped(line, width))),
    ...(warnings.lines.length > 0 ? [''] : []),
    ...(comparison ? [paint.bold(`minus ${summary.baseline}`), '', layOut(comparison, width, paint), ''] : []),
    ...footnotes(summary).map((line) => paint.dim(wrapped(line, width))),
    '',
  ].join('\n');
}

/** A table as text, broken into pieces that fit into the width. */
const layOut = (table: ResultTable, width: number, paint: ReturnType<typeof pc.createColors>): string =>
  brokenTable(table, width, (characters) => characters + GUTTER)
    .map((piece) => layOutPiece(piece, paint))
    .join('\n\n');

function layOutPiece({ columns, rows }: ResultTable, paint: ReturnType<typeof pc.createColors>): string {
  const starred = columns.map((_, i) => rows.some((row) => row[i]!.winner));
  const marked = columns.map((_, i) => Math.max(...rows.map((row) => (row[i]!.marks ?? '').length)));
  // Spaces in place of a star or mark align the numbers of a column. Names need no alignment.
  const text = ({ text, winner, marks = '' }: Cell, i: number) =>
    (winner ? paint.bold(`${text}*`) : starred[i] ? `${text} ` : text) + (i === 0 ? marks : marks.padEnd(marked[i]!));
  // A group's name is above the first of its columns.
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
