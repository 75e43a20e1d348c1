import {
  custom,
  notNegative,
  optional,
  text,
  type FromDescription,
  type Spec,
  type Written,
} from '@polytask/components';

/** The name of the shared unit of a network and its lane, which no task may have. */
export const SHARED = 'shared';

/** The options of every kind of task. `optionsOf('task', kind)` has those of a kind, too. */
export const taskOptions = {
  /** The column of the label. Without it, the column of the task's name. */
  from: optional(text),
  /** A column with a sample weight per row. It applies to this task only. */
  weightFrom: optional(text),
  /** The weight of the task's loss in the sum over tasks. */
  weight: optional(notNegative, 1),
  /** A loss for this kind of task, or its name, such as `focal({ gamma: 2 })`. Without it, the loss of the kind. */
  loss: optional(
    /* @__PURE__ */ custom<string | Spec<'loss'>>(() => {}, { definition: 'loss', words: 'a loss, or its name' }),
  ), // checkLoss reads it
};

/** A task of any kind, as plain data: it is saved with the model. {@link TaskKind} says what a kind makes of it. */
export interface Task extends Written<typeof taskOptions>, FromDescription {
  readonly kind: string;
  /** What a fit found in the labeled training rows, by sample weight. */
  readonly fitted?: Fitted;
  /** What `calibrate` of `@polytask/training` fitted to the predictions of a trained model. */
  readonly calibrated?: Calibrated;
}

/** How predictions of a trained model are calibrated and read. It was fitted on rows that the model wasn't trained on. */
export interface Calibrated {
  /** Converts logits to calibrated ones. Default: probabilities stay as the model gives them. */
  readonly calibration?: Spec<'calibration'>;
  /** The split-conformal interval or set of each prediction: {@link decisionsOf}. Default: none. */
  readonly interval?: {
    /** The promised share of labels within, between 0 and 1. */
    readonly level: number;
    /** Numbers: the largest distance from the prediction, as labels are encoded. Yes, no, classes: 1 − the least probability in a set. */
    readonly margin: number;
  };
  /** Yes or no: the decision is yes from this probability. Default: there is no decision. */
  readonly threshold?: {
    readonly at: number;
    /** The rule that chose it. */
    readonly rule: Spec<'threshold'>;
  };
}

/** Statistics of the labels that a fit found: each type of label has its own. Types of other packages may have others. */
export interface Fitted {
  /** Yes or no: the share of yes. Numbers with a minimum: the share above it. */
  readonly rate?: number;
  /** Classes: the share of each class. Several labels: the share of rows with each label. Times: the
   * share of rows with the event in each interval, of those that reached it. */
  readonly shares?: readonly number[];
  /** Numbers: the mean, after the logarithm of `log`. */
  readonly mean?: number;
  /** Numbers: the standard deviation, after the logarithm of `log`. */
  readonly deviation?: number;
  readonly [other: string]: number | readonly number[] | undefined;
}

/** Tasks by name. The names are the keys of predictions, losses and metrics. */
export type Tasks = Readonly<Record<string, Task>>;

/** How the label of a task is read from a cell, and encoded as one number. */
export type Label =
  | {
      /** 1 for yes, 0 for no. */
      readonly type: 'yes-no';
      /** The value or values that mean yes. Default: 1, '1', true and 'true'. */
      readonly positive?: string | number | readonly (string | number)[] | undefined;
      /** For a column of numbers: numbers above this threshold mean yes. */
      readonly above?: number | undefined;
    }
  | {
      /** The index of the class. */
      readonly type: 'class';
      /** The classes in the order of their indices; undefined before a fit that finds them. */
      readonly classes: readonly string[] | undefined;
      /** Whether their order means something. A fit then finds classes of numbers only. */
      readonly ordered?: boolean;
    }
  | {
      /** Several labels in a cell: the sum of 2ⁱ over those that the row has. 0 for a row that has none. */
      readonly type: 'labels';
      /** The labels in the order of their bits; undefined before a fit that finds them. */
      readonly labels: readonly string[] | undefined;
      /** The text between two labels of a cell. */
      readonly separator: string;
      /** An empty cell is a missing label, or a row that has none of the labels. */
      readonly empty: 'missing' | 'none';
      /** Labels that are not among `labels` are refused, or don't count. */
      readonly others: 'refused' | 'left-out';
    }
  | {
      /** The time until an event. For a row without the event, it is the negative of the time that the row has reached. */
      readonly type: 'time';
      /** The column that says whether the event happened. */
      readonly event: string;
      /** The value or values of that column that mean it happened. Default: 1, '1', true and 'true'. */
      readonly positive?: string | number | readonly (string | number)[] | undefined;
      /** The ends of the intervals, or how many a fit finds. */
      readonly cuts: number | readonly number[];
    }
  | {
      readonly type: 'number';
      /** Takes sign(y)·log(1 + |y|) first. Default false. */
      readonly log?: boolean;
      /**
       * What the mean and the deviation of the training rows do. `standard`: the mean is subtracted, and the deviation divides. `mean`: the
       * mean divides. `none`: nothing.
       */
      readonly scale: 'standard' | 'mean' | 'none';
      /** A lesser label is an error. */
      readonly minimum?: number;
      /** A greater label is an error. */
      readonly maximum?: number;
    }
  | OtherLabel;

/** A label of a type that another package defines: see `defineLabel` of `@polytask/data`. */
export interface OtherLabel {
  readonly type: `${string}/${string}`;
  readonly [option: string]: unknown;
}
