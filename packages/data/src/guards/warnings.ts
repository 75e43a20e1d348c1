/** Where rows are: the parts of a data set. */
export type PartName = 'train' | 'validation' | 'test';

/** Something odd about a data set that is no error: `message` says it in a sentence, the rest says it to a program. */
export type DataWarning =
  /** One feature alone tells the label of nearly every row: it may be the label, or come from it. */
  | {
      readonly kind: 'label-among-features';
      readonly task: string;
      readonly feature: string;
      readonly score: number;
      readonly message: string;
    }
  /** Rows with the same features and labels stand in two parts. */
  | {
      readonly kind: 'duplicated-rows';
      readonly part: PartName;
      readonly other: PartName;
      readonly rows: number;
      readonly share: number;
      readonly message: string;
    }
  /** A part has no row of a class, or no label of a task at all (`class` is undefined). */
  | {
      readonly kind: 'missing-class';
      readonly task: string;
      readonly part: PartName;
      readonly class: string | undefined;
      readonly message: string;
    }
  /** One row holds nearly all of the variance of a numeric feature. */
  | {
      readonly kind: 'outlier';
      readonly feature: string;
      /** Its number among the training rows. */
      readonly row: number;
      readonly share: number;
      readonly message: string;
    }
  /** A part spells the value that means yes in a way that no training row has, and so its rows count as no. */
  | {
      readonly kind: 'positive-spelling';
      readonly task: string;
      readonly part: PartName;
      /** Values of the label's column that this part has and the training rows lack, the suspected ones first. */
      readonly values: readonly string[];
      /** What `positive` should be; undefined where the values don't tell. */
      readonly positive: readonly (string | number)[] | undefined;
      readonly message: string;
    };
