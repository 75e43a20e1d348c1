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
    };
