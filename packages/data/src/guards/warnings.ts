import type { PartName } from '../fitting/row-split.ts';

/** The kinds of warnings, with their properties for programs. */
interface WarningKinds {
  /** One feature alone tells the label of nearly every row: it may be the label, or come from it. */
  'label-among-features': { readonly task: string; readonly feature: string; readonly score: number };
  /** Several columns together tell a label: it may be their sum, difference, product or ratio. */
  'combined-leak': { readonly task: string; readonly columns: readonly string[]; readonly score: number };
  /** More than a fifth of a part's rows have a value that the training rows lack, or a number outside their range. */
  'unseen-values': { readonly feature: string; readonly part: PartName; readonly share: number };
  /** A feature or a label is distributed otherwise in a part than in the training rows: its population stability index is 0.25 or more. */
  'shifted-values': {
    readonly part: PartName;
    readonly feature?: string;
    readonly task?: string;
    readonly stability: number;
  };
  /** A random split has rows of one user, say, on both sides. `share`: of the part's rows, for the column with the largest one. */
  'same-entities': { readonly columns: readonly string[]; readonly part: PartName; readonly share: number };
  /** The rows are in the order of a column of dates, and the share of a part's rows is earlier than the last training row. */
  'rows-in-time': { readonly column: string; readonly part: PartName; readonly share: number };
  /** Rows for a trained model have a number whose mean or standard deviation is far from that of its training rows. */
  'other-units': { readonly feature: string };
  /** Two parts have rows with the same features and labels. */
  'duplicated-rows': {
    readonly part: PartName;
    readonly other: PartName;
    readonly rows: number;
    readonly share: number;
  };
  /** A part has no row of a class, or no label of a task (`class` is undefined). */
  'missing-class': { readonly task: string; readonly part: PartName; readonly class: string | undefined };
  /** `skipBadRows` left rows of the files out. */
  'skipped-rows': { readonly rows: readonly string[] };
  /** One training row has nearly all of the variance of a numeric feature. */
  outlier: { readonly feature: string; readonly row: number; readonly share: number };
  /** Several values of a binary label count as no. */
  'counted-as-no': { readonly task: string; readonly values: readonly string[] };
  /**
   * A part spells the positive value in a way that no training row has, so its rows count as no. `values`: those that the training rows lack,
   * likely spellings first. `positive`: corrected, undefined without a likely spelling.
   */
  'positive-spelling': {
    readonly task: string;
    readonly part: PartName;
    readonly values: readonly string[];
    readonly positive: readonly (string | number)[] | undefined;
  };
}

/** A warning about a data set: `message` is for people, the other properties are for programs. */
export type DataWarning = {
  [K in keyof WarningKinds]: { readonly kind: K; readonly message: string } & WarningKinds[K];
}[keyof WarningKinds];
