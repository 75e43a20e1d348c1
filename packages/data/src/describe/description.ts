/** What `describeCsv` may be told. */
export interface DescribeOptions {
  /** False when the text is the beginning of a longer file; its last line may be cut anywhere. Default true. */
  readonly whole?: boolean;
  /** At most so many rows are looked at. Default 50,000. */
  readonly rows?: number;
  /** The label columns, by name. Default: they are guessed from names and values. */
  readonly tasks?: readonly string[];
  /** Between cells. Default: the one of `,` `;` tab `|` that cuts the lines evenly. */
  readonly delimiter?: string;
  /** Whether the first line holds the names of the columns. Default: guessed. */
  readonly header?: boolean;
  /** How the file was decoded; it goes into the document when it isn't `utf-8`. */
  readonly encoding?: string;
  /** The path or URL that the document has as `files`. Default `data.csv`. */
  readonly files?: string;
  /** What messages call the text. Default: `files`, or "the text". */
  readonly name?: string;
}

/** A feature as a data set file has it: `"numeric"`, or an object with a kind and options. */
export type DescribedFeature = string | { readonly kind: string; readonly [option: string]: unknown };

/** A task as a data set file has it: `"binary"`, or an object with a kind and options. */
export type DescribedTask = string | { readonly kind: string; readonly [option: string]: unknown };

/** The JSON document that `openDataset` and `polytask bench --data` read. */
export interface DatasetDocument {
  readonly files: string;
  /** Only what differs from the defaults. */
  readonly csv?: {
    readonly delimiter?: string;
    readonly comment?: string;
    readonly skip?: number;
    readonly header?: readonly string[];
    readonly missing?: readonly string[];
    readonly encoding?: string;
  };
  readonly features: Readonly<Record<string, DescribedFeature>>;
  readonly tasks: Readonly<Record<string, DescribedTask>>;
}

/** Why a column is neither a feature nor a label. */
export type LeftOut =
  'constant' | 'empty' | 'row-id' | 'time' | 'free-text' | 'formatted-number' | 'mixed' | 'leak' | 'bad-name';

/** What one column holds and what it is used for. */
export type ColumnDescription = ColumnFacts &
  (
    | { readonly use: 'feature'; readonly kind: 'numeric' | 'categorical' | 'hashed' | 'multi-valued' }
    | { readonly use: 'label'; readonly kind: 'binary' | 'multiclass' | 'regression' }
    | { readonly use: 'left-out'; readonly kind: LeftOut }
  );

interface ColumnFacts {
  readonly name: string;
  /** One or two sentences: why it is used like this. */
  readonly why: string;
  /** Rows of the sample without a value. */
  readonly missing: number;
  /** Different values in the sample. */
  readonly distinct: number;
  /** The most frequent values, three at most. */
  readonly examples: readonly string[];
}

/** A label that was found, or that the caller named. */
export interface TaskProposal {
  /** The task's name in the document. */
  readonly name: string;
  readonly column: string;
  readonly kind: 'binary' | 'multiclass' | 'regression';
  /** Why this column, and how its values are read. */
  readonly why: string;
}

/** Something to look at before training. */
export interface DescribeWarning {
  readonly kind:
    | 'few-rows'
    | 'too-few-rows'
    | 'one-column'
    | 'title'
    | 'ragged-rows'
    | 'bad-name'
    | 'encoding'
    | 'sentinel'
    | 'decimal-comma'
    | 'formatted-number'
    | 'mixed'
    | 'odd-missing'
    | 'guessed-task'
    | 'between-labels'
    | 'no-tasks'
    | 'no-features'
    | 'same-labels'
    | 'label-among-features'
    | 'name-of-label'
    | 'present-for-one-class';
  readonly column?: string;
  readonly message: string;
}

/** What `describeCsv` finds: plain data, ready for JSON. */
export interface Description {
  /** False where the document lacks a feature or a task, or has too few rows to be split. `warnings` say which. */
  readonly complete: boolean;
  readonly dataset: DatasetDocument;
  readonly columns: readonly ColumnDescription[];
  readonly tasks: readonly TaskProposal[];
  readonly warnings: readonly DescribeWarning[];
  /** What else the document could say, such as a split by time. */
  readonly suggestions: readonly string[];
  /** What was looked at. */
  readonly sample: {
    readonly rows: number;
    /** Whether those are all rows of the file. */
    readonly whole: boolean;
    readonly delimiter: string;
    /** Whether the first line holds the names of the columns. */
    readonly header: boolean;
    /** Cells that mean "no value", besides the empty one. */
    readonly missing: readonly string[];
  };
}
