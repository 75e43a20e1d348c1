import { mapTexts, printableLine } from '@polytask/components';
import path from 'node:path';
import type { ColumnDescription, DatasetDocument, Description } from '@polytask/data';
import { counted, formatCount, wrapped as wrappedText } from '@polytask/study';
import pc from 'picocolors';

/** The text of a data set file, with a line for each column, feature and task. */
export function datasetJson(document: DatasetDocument): string {
  const entries = Object.entries(document).map(([key, value]) => {
    const block = ['cells', 'features', 'tasks'].includes(key);
    return `  ${JSON.stringify(key)}: ${block ? linesOf(value as object) : inline(value)}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}

function linesOf(entries: object): string {
  const lines = Object.entries(entries).map(([name, value]) => `    ${JSON.stringify(name)}: ${inline(value)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

/** JSON on one line, with the spaces of Prettier. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const WIDTH = 100;
const LONGEST_NAME = 24;
const MOST_COLUMNS = 60;
const MOST_WARNINGS = 25;

interface RenderDescriptionOptions {
  readonly files: readonly string[];
  /** The path of the data set file. Undefined to print its text. */
  readonly out: string | undefined;
  /** Whether one of the files has the rows of stdin, and isn't there. */
  readonly hasStdin?: boolean;
  readonly colors?: boolean | undefined;
}

/** Renders a description as text for a terminal, at most 100 characters wide: columns, tasks, warnings, and the next commands. */
export function renderDescription(given: Description, options: RenderDescriptionOptions): string {
  const description = mapTexts(given, printableLine);
  const { bold } = pc.createColors(options.colors ?? false);
  const { columns, tasks, warnings, suggestions, complete } = description;
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', bold(title), ...lines]);
  const lines = [
    ...wrapped(summary(description, options.files), '', ''),
    ...section('Columns', columnLines(columns)),
    ...section(
      'Tasks',
      tasks.flatMap(({ name, kind, why }) => wrapped(`${name}: ${kind}. ${why}`, '  ', '    ')),
    ),
    ...section('Warnings', warningLines(warnings.map(({ message }) => message))),
    ...section(
      'You may also want',
      suggestions.flatMap(({ message }) => wrapped(message, '- ', '  ')),
    ),
    ...(options.out === undefined ? section('The data set file', [datasetJson(given.dataset).trimEnd()]) : []),
    ...(complete ? section('Next', next(description, options)) : []),
  ];
  return `${lines.join('\n')}\n`;
}

function summary({ sample, columns }: Description, files: readonly string[]): string {
  const { rows, total, delimiter, header, decimal, missing } = sample;
  const read =
    rows === total ? counted(rows, 'row') : `${formatCount(total)} rows, ${formatCount(rows)} of them read at random`;
  const size = `${files.join(', ')}: ${read}, ${counted(columns.length, 'column')}.`;
  if (delimiter === undefined) return size;
  const between = delimiter === '\t' ? 'tabs' : `"${delimiter}"`;
  const names = header ? 'the first line has the names' : 'no line of names';
  const markers = missing.map((word) => JSON.stringify(word)).join(', ');
  const verb = missing.length === 1 ? 'means' : 'mean';
  const note = missing.length === 0 ? '' : `; ${markers} ${verb} a missing value`;
  return `${size} Cells are cut by ${between}; ${names}${decimal ? '; numbers have decimal commas' : ''}${note}.`;
}

/** A table of the columns. Of very many columns, it has the first ones and the labels. */
function columnLines(columns: readonly ColumnDescription[]): string[] {
  const visible = columns.filter(({ use }, i) => i < MOST_COLUMNS || use === 'label');
  const rows = visible.map(({ name, use, kind, missing, distinct, why }) => {
    const used = use === 'feature' ? kind : use === 'label' ? `label, ${kind}` : `left out, ${kind}`;
    const cells = [cut(name), used, formatCount(missing), formatCount(distinct)];
    return { cells, why: use === 'label' ? 'see Tasks' : why };
  });
  const all = [{ cells: ['name', 'used as', 'missing', 'values'], why: 'why' }, ...rows];
  const lines = all.flatMap(({ cells, why }) => {
    const padded = cells.map((cell, i) => {
      const width = Math.max(...all.map((row) => row.cells[i]!.length));
      return i < 2 ? cell.padEnd(width) : cell.padStart(width);
    });
    const start = `  ${padded.join('  ')}  `;
    return wrapped(why, start, ' '.repeat(start.length));
  });
  const rest = columns.length - visible.length;
  return rest === 0 ? lines : [...lines, `  … and ${formatCount(rest)} more columns; --json has all`];
}

function warningLines(messages: readonly string[]): string[] {
  const lines = messages.slice(0, MOST_WARNINGS).flatMap((message) => wrapped(message, '- ', '  '));
  const rest = messages.length - MOST_WARNINGS;
  return rest > 0 ? [...lines, `  … and ${formatCount(rest)} more; --json has all`] : lines;
}

/** The commands to run next. A data set file in another folder than its rows needs the option that allows that. */
function next({ dataset }: Description, { files, out, hasStdin = false }: RenderDescriptionOptions): string[] {
  const [file = ''] = files.map((each) => (/^https?:/.test(each) ? path.basename(new URL(each).pathname) : each));
  const stem = file.replace(/(\.(parquet|ndjson|feather|\w{2,6}))?(\.(gz|br))?$/, '');
  const json = out ?? `${stem}${file === `${stem}.json` ? '.dataset' : ''}.json`;
  const isOutside = [dataset.files].flat().some((each) => /^(\.\.\/|https?:)/.test(each) || path.isAbsolute(each));
  const access = isOutside ? ' --allow-files-outside' : '';
  const commands = [
    `  polytask bench ${json}${access}`,
    `  polytask train ${json}${access} --out ${json.replace(/\.json$/, '')}-model`,
  ];
  if (out !== undefined) return commands;
  const first = hasStdin ? ['  Save the rows of stdin in a file first:'] : [];
  return [...first, `  polytask describe ${files.join(' ')} --out ${json}`, ...commands];
}

/** Breaks a text into lines of at most 100 characters, after a first indent and a second one. */
const wrapped = (text: string, first: string, others: string): string[] =>
  wrappedText(text, WIDTH - others.length)
    .split('\n')
    .map((line, i) => `${i === 0 ? first : others}${line}`.trimEnd());

function cut(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}
