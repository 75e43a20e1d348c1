import { listOf, optional, string, text, type FromDescription, type Spec, type Written } from '@polytask/components';
import { type CellRule, cellsOption } from '../columns/cells.ts';
import type { CsvFileOptions } from '../csv/csv-options.ts';
import { anyReader } from '../readers/reader.ts';
import { anySplit, oneOrMore, type RowSplit } from '../fitting/row-split.ts';
import { type CsvFacts, sampleOptions, type TableFinding } from '../sampling/table-sample.ts';

export const describeOptions = {
  ...sampleOptions,
  /** The names of the label columns. Default: a guess from names and values. */
  tasks: optional(listOf(text)),
  /** Columns that are neither features nor labels, such as those that are known only after the outcome. */
  leaveOut: optional(listOf(text)),
  /** How the cells of columns are read, in addition to what is found in them. */
  cells: cellsOption,
  /** The split of the document. Default: none, and suggestions if a column is a time or names users. */
  split: optional(anySplit),
  /** The path or URL of the file, or of each file, for the document's `files`. Default `data.csv`. */
  files: optional(oneOrMore),
  /** The name of the text in messages. Default: `files`, or "the text". */
  name: optional(string),
};

/** The options of `describeCsv`. */
export interface DescribeOptions extends Written<typeof describeOptions>, FromDescription {}

export const describeFileOptions = {
  ...describeOptions,
  /** The reader: its name, `sqlite(table=orders)`, or its spec. The document has it. Default: by the ending of `files`. */
  format: optional(anyReader),
};

export interface DescribeFileOptions extends Written<typeof describeFileOptions>, FromDescription {}

/** A feature or a task of a data set file: its kind, such as `"numeric"`, or an object with a kind and options. */
export type DescribedKind = string | { readonly kind: string; readonly [option: string]: unknown };

/** The JSON document that `openDataset` and `polytask bench` read. */
export interface DatasetDocument {
  readonly files: string | readonly string[];
  /** Only if the caller names a reader. */
  readonly format?: string | Spec<'reader'>;
  /** Only options that differ from the defaults. */
  readonly csv?: Omit<CsvFileOptions, 'compression' | 'name' | 'trim'>;
  /** How cells become values, only of columns with spellings to merge, units, or impossible numbers. */
  readonly cells?: Readonly<Record<string, CellRule>>;
  readonly features: Readonly<Record<string, DescribedKind>>;
  readonly tasks: Readonly<Record<string, DescribedKind>>;
  readonly split?: RowSplit;
}

/** The reason why a column is neither a feature nor a label. */
export type LeftOut =
  'constant' | 'empty' | 'row-id' | 'time' | 'formatted-number' | 'mixed' | 'nested' | 'leak' | 'bad-name' | 'by-you';

/** The content of one column, and its use. */
export type ColumnDescription = ColumnFacts &
  ({ readonly use: 'feature' | 'label'; readonly kind: string } | { readonly use: 'left-out'; readonly kind: LeftOut });

interface ColumnFacts {
  readonly name: string;
  /** The reason for the use, in one or two sentences. */
  readonly why: string;
  /** The number of rows of the sample without a value. */
  readonly missing: number;
  /** The number of different values in the sample. */
  readonly distinct: number;
  /** The most frequent values, at most three. */
  readonly examples: readonly string[];
}

/** A task: a guessed label, or one that the caller named. */
export interface TaskProposal {
  /** The task's name in the document. */
  readonly name: string;
  readonly column: string;
  readonly kind: string;
  /** The reason for the choice of the column, and how its values are read. */
  readonly why: string;
}

/** The result of `describeCsv` and `describeFile`: plain data, ready for JSON. */
export interface Description {
  /** False for a document without features or tasks, or with too few rows to split. `warnings` has the reason. */
  readonly complete: boolean;
  readonly dataset: DatasetDocument;
  readonly columns: readonly ColumnDescription[];
  readonly tasks: readonly TaskProposal[];
  readonly warnings: readonly TableFinding[];
  /** Additions to the document that their remedies make, such as a split by time. */
  readonly suggestions: readonly TableFinding[];
  /** The rows that the description comes from, and their format. */
  readonly sample: {
    /** The number of rows, taken at random from all of the table. */
    readonly rows: number;
    /** The number of rows of the table. */
    readonly total: number;
    /** Cells that mean "no value", besides the empty one. */
    readonly missing: readonly string[];
  } & Partial<Pick<CsvFacts, 'delimiter' | 'header' | 'decimal'>>; // only of a CSV
}
