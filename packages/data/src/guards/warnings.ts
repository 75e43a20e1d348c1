/** A part of a data set. */
export type PartName = 'train' | 'validation' | 'test';

/** A warning about a data set: `message` is for people, the other properties are for programs. */
export type DataWarning = { readonly message: string } &
  /** One feature alone tells the label of nearly every row: it may be the label, or come from it. */
  (
    | {
        readonly kind: 'label-among-features';
        readonly task: string;
        readonly feature: string;
        readonly score: number;
      }
    /** Several columns of numbers together tell a label: it may be their sum, difference, product or ratio. */
    | {
        readonly kind: 'combined-leak';
        readonly task: string;
        /** The names of the columns. */
        readonly columns: readonly string[];
        readonly score: number;
      }
    /** More than a fifth of a part's rows have a value that the training rows lack, or a number outside their range. */
    | {
        readonly kind: 'unseen-values';
        readonly feature: string;
        readonly part: PartName;
        readonly share: number;
      }
    /** A feature or a label is distributed otherwise in a part than in the training rows. */
    | {
        readonly kind: 'shifted-values';
        readonly part: PartName;
        /** Undefined for a label. */
        readonly feature?: string;
        /** Undefined for a feature. */
        readonly task?: string;
        /** The population stability index, 0.25 or more. */
        readonly stability: number;
      }
    /** A random split has rows of one user, say, on both sides. */
    | {
        readonly kind: 'same-entities';
        readonly columns: readonly string[];
        readonly part: PartName;
        /** The share of the part's rows, of the column with the largest one. */
        readonly share: number;
      }
    /** The rows are in the order of a column of dates, and a random split has training rows that are later than test rows. */
    | {
        readonly kind: 'rows-in-time';
        readonly column: string;
        readonly part: PartName;
        /** The share of the part's rows that are earlier than the last training row. */
        readonly share: number;
      }
    /** Rows for a trained model have a number whose mean or standard deviation is far from that of its training rows. */
    | { readonly kind: 'other-units'; readonly feature: string }
    /** Two parts have rows with the same features and labels. */
    | {
        readonly kind: 'duplicated-rows';
        readonly part: PartName;
        readonly other: PartName;
        readonly rows: number;
        readonly share: number;
      }
    /** A part has no row of a class, or no label of a task (`class` is undefined). */
    | {
        readonly kind: 'missing-class';
        readonly task: string;
        readonly part: PartName;
        readonly class: string | undefined;
      }
    /** One row has nearly all of the variance of a numeric feature. */
    | {
        readonly kind: 'outlier';
        readonly feature: string;
        /** Its index among the training rows. */
        readonly row: number;
        readonly share: number;
      }
    /** Several values of a binary label count as no. */
    | { readonly kind: 'counted-as-no'; readonly task: string; readonly values: readonly string[] }
    /** A part spells the positive value in a way that no training row has, so its rows count as no. */
    | {
        readonly kind: 'positive-spelling';
        readonly task: string;
        readonly part: PartName;
        /** Values of the label's column that the training rows lack. Likely spellings of a positive value come first. */
        readonly values: readonly string[];
        /** The corrected `positive`; undefined without a likely spelling. */
        readonly positive: readonly (string | number)[] | undefined;
      }
  );
