import type { CellRule } from '../columns/cells.ts';
import type { RowSplit } from '../fitting/row-split.ts';
import { fail, type Finding, flag, optional, text, wholeNumber, type Written } from '@polytask/components';
import type { DelimiterChoice } from './guess-delimiter.ts';
import type { CsvFormat } from '../csv/csv-tokenizer.ts';
import { asText, ownText, textOf } from '../columns/columns.ts';

/** The text of a list has so many entries. */
const MOST_ENTRIES = 50;
/** The text between the entries of a list. */
export const BETWEEN = '|';

export const storedColumn = (name: string, values: readonly unknown[], isLists: boolean): SampleColumn => ({
  name,
  values: values.map(textIn),
  stored: storedAs(values, isLists),
});

function textIn(value: unknown): string {
  const read = asText(value);
  const text = Array.isArray(read)
    ? read
        .slice(0, MOST_ENTRIES)
        .map((entry) => textOf(entry) ?? '')
        .join(BETWEEN)
    : (textOf(read) ?? '');
  return ownText(text);
}

function storedAs(values: readonly unknown[], isLists: boolean): Stored {
  const entries = isLists
    ? values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
    : values.filter((value) => value !== null && value !== undefined);
  if (entries.some((entry) => textOf(asText(entry)) === undefined)) return 'others';
  const hasNumbers = entries.every(isNumber);
  if (!isLists) return hasNumbers ? 'numbers' : 'texts';
  const [width = 0, ...others] = new Set(values.map((value) => (Array.isArray(value) ? value.length : 0)));
  const hasFractions = entries.some((entry) => !Number.isInteger(Number(entry)));
  return hasNumbers && hasFractions && others.length === 0 ? { width } : 'lists';
}

/** Whether a column of numbers reads a value: a number, or an integer that a double can hold. */
const isNumber = (value: unknown): boolean =>
  typeof value === 'bigint'
    ? BigInt(Number(value)) === value
    : typeof value === 'number' && value !== Infinity && value !== -Infinity;

export const sampleOptions = {
  /** The largest number of rows to look at, from all of the table. Default 50,000, or 16 MB of text. */
  rows: optional(wholeNumber(1)),
  /** Between cells. Default: `,` `;` tab or `|`, whichever gives all lines the same number of cells. */
  delimiter: optional(text),
  /** Whether the first line holds the names of the columns. Default: a guess. */
  header: optional(flag),
  /** The encoding of the file. The document has it unless it is `utf-8`. */
  encoding: optional(text),
};

/** The options of a sample. */
export interface SampleOptions extends Written<typeof sampleOptions> {
  /** The name of the file or the text in messages. */
  readonly name: string;
}

/** Options to describe the table again with, by which what was noticed is settled. */
export type DescribeRemedy = Readonly<{
  leaveOut?: readonly string[];
  cells?: Readonly<Record<string, CellRule>>;
  tasks?: readonly string[];
  split?: RowSplit;
}>;

/** Something to look at before training, or with the severity `note` an addition, such as a split by time. */
export interface TableFinding extends Finding {
  /** Of a file of one column, `choices` are the delimiters that would give it more. */
  readonly evidence: Finding['evidence'] & { readonly choices?: readonly DelimiterChoice[] };
  readonly remedy?: { readonly describe: DescribeRemedy };
}

export const tableFinding = (
  kind: string,
  about: Finding['about'],
  evidence: TableFinding['evidence'],
  message: string,
  remedy?: DescribeRemedy,
): TableFinding => ({
  ...{ kind, severity: 'warning', about, evidence, message },
  ...(remedy && { remedy: { describe: remedy } }),
});

/** A finding about a column. The message begins with its name. */
export const columnFinding = (
  kind: string,
  column: string,
  evidence: TableFinding['evidence'],
  what: string,
  remedy?: DescribeRemedy,
): TableFinding => tableFinding(kind, { column }, evidence, `\`${column}\`: ${what}`, remedy);

export interface SampleColumn {
  readonly name: string;
  /** The value of each row as text, [rows]; '' for a missing one. */
  readonly values: readonly string[];
  /** The same as the file writes them, if `values` have points in place of decimal commas. */
  readonly written?: readonly string[];
  /** Labels of the whole table, as the file writes them. Only for columns of labels. */
  readonly further?: readonly string[];
  /** Whether the rule of its cells makes numbers of them, so that they are amounts and no codes or classes. */
  readonly isMeasured?: boolean;
  /** How the file stores the values. Undefined for a CSV, which has texts alone. */
  readonly stored?: Stored | undefined;
}

/** How a file with types, such as Parquet, stores the values of a column. */
export type Stored =
  | 'numbers'
  | 'texts'
  | 'lists'
  /** Lists with `width` numbers in each row. */
  | { readonly width: number }
  /** Values that no feature reads, such as structures. */
  | 'others';

export interface CsvFacts extends CsvFormat {
  readonly skip: number;
  readonly header: boolean;
  /** Only if it is a comma. */
  readonly decimal?: ',';
  /** Only if few rows have another number of cells than the others. */
  readonly skipBadRows?: true;
}

/** Rows of a table, taken at random from all of it. */
export interface TableSample {
  readonly columns: readonly SampleColumn[];
  /** The number of rows of the sample. */
  readonly size: number;
  /** The number of rows of the table. */
  readonly total: number;
  /** Undefined for other files than a CSV. */
  readonly csv: CsvFacts | undefined;
  /** The encoding of a CSV. Default `utf-8`. */
  readonly encoding?: string | undefined;
  readonly warnings: readonly TableFinding[];
}

/** The largest number of rows of a sample, unless the caller says otherwise. */
export const MOST_ROWS = 50_000;

/** The characters of a sample, with one for each cell. */
export const MOST_CHARACTERS = 1 << 24;

/** Refuses what only a CSV can be told. @param file what it is, for the message */
export function noTextOptions(options: Pick<SampleOptions, 'delimiter' | 'header' | 'encoding'>, file: string): void {
  const ofText = (['delimiter', 'header', 'encoding'] as const).find((option) => options[option] !== undefined);
  if (ofText === undefined) return;
  fail({ expected: `no ${ofText} for ${file}`, received: String(options[ofText]), fix: 'Leave it out.' });
}
