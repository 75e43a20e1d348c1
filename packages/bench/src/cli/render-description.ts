import type { ColumnDescription, Description } from '@polytask/data';
import { counted, formatCount, wrapped as wrappedText } from '@polytask/study';
import pc from 'picocolors';

const WIDTH = 100;
const LONGEST_NAME = 24;
const MOST_COLUMNS = 60;
const MOST_WARNINGS = 25;

export interface RenderDescriptionOptions {
  /** The file, as the user wrote it. */
  readonly csv: string;
  /** Where the data set file goes; it is printed where there is none. */
  readonly out: string | undefined;
  /** The data set file. */
  readonly document: string;
  readonly colors?: boolean | undefined;
}

/** A description as text for a terminal, at most 100 columns wide: columns, tasks, warnings, and what to do next. */
export function renderDescription(description: Description, options: RenderDescriptionOptions): string {
  const { bold } = pc.createColors(options.colors ?? false);
  const { columns, tasks, warnings, suggestions, complete } = description;
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', bold(title), ...lines]);
  const lines = [
    ...wrapped(summary(description, options.csv), '', ''),
    ...section('Columns', columnLines(columns)),
    ...section(
      'Tasks',
      tasks.flatMap(({ name, kind, why }) => wrapped(`${name}: ${kind}. ${why}`, '  ', '    ')),
    ),
    ...section('Warnings', warningLines(warnings.map(({ message }) => message))),
    ...section(
      'You may also want',
      suggestions.flatMap((text) => wrapped(text, '- ', '  ')),
    ),
    ...(options.out === undefined ? section('The data set file', [options.document.trimEnd()]) : []),
    ...(complete ? section('Next', next(options)) : []),
  ];
  return `${lines.join('\n')}\n`;
}

function summary({ sample, columns }: Description, csv: string): string {
  const { rows, whole, delimiter, header, missing } = sample;
  const read = `${whole ? '' : 'the first '}${counted(rows, 'row')}`;
  const between = delimiter === '\t' ? 'tabs' : `"${delimiter}"`;
  const names = header ? 'the first line has the names' : 'no line of names';
  const markers =
    missing.length === 0
      ? ''
      : `; ${missing.map((word) => JSON.stringify(word)).join(', ')} ${missing.length === 1 ? 'means' : 'mean'} a missing value`;
  return `${csv}: ${read}, ${counted(columns.length, 'column')}. Cells are cut by ${between}; ${names}${markers}.`;
}

/** The columns as a table; of very many the first ones and the labels. */
function columnLines(columns: readonly ColumnDescription[]): string[] {
  const shown = columns.filter(({ use }, i) => i < MOST_COLUMNS || use === 'label');
  const cells = shown.map(({ name, use, kind, missing, distinct, why }) => ({
    name: cut(name),
    use: use === 'feature' ? kind : use === 'label' ? `label, ${kind}` : `left out, ${kind}`,
    missing: formatCount(missing),
    distinct: formatCount(distinct),
    why: use === 'label' ? 'see Tasks' : why,
  }));
  const title = { name: 'name', use: 'used as', missing: 'missing', distinct: 'values', why: 'why' };
  const widthOf = (key: keyof typeof title) => Math.max(...[title, ...cells].map((row) => row[key].length));
  const widths = {
    name: widthOf('name'),
    use: widthOf('use'),
    missing: widthOf('missing'),
    distinct: widthOf('distinct'),
  };
  const lines = [title, ...cells].flatMap((row) => {
    const start = `  ${row.name.padEnd(widths.name)}  ${row.use.padEnd(widths.use)}  ${row.missing.padStart(widths.missing)}  ${row.distinct.padStart(widths.distinct)}  `;
    return wrapped(row.why, start, ' '.repeat(start.length));
  });
  const rest = columns.length - shown.length;
  return rest === 0 ? lines : [...lines, `  … and ${formatCount(rest)} more columns; --json has all`];
}

function warningLines(messages: readonly string[]): string[] {
  const lines = messages.slice(0, MOST_WARNINGS).flatMap((message) => wrapped(message, '- ', '  '));
  const rest = messages.length - MOST_WARNINGS;
  return rest > 0 ? [...lines, `  … and ${formatCount(rest)} more; --json has all`] : lines;
}

function next({ csv, out }: RenderDescriptionOptions): string[] {
  const json = out ?? `${csv.replace(/(\.\w{2,4})?(\.(gz|br))?$/, '')}.json`;
  const bench = `  polytask bench --data ${json}`;
  return out === undefined ? [`  polytask describe ${csv} --out ${json}`, bench] : [bench];
}

/** Words in lines of at most 100 characters; a word that is longer stands alone. */
const wrapped = (text: string, first: string, others: string): string[] =>
  wrappedText(text, WIDTH - others.length)
    .split('\n')
    .map((line, i) => `${i === 0 ? first : others}${line}`.trimEnd());

function cut(name: string): string {
  const line = name.replace(/\s+/g, ' ');
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}
