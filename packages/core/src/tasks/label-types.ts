import { builderNamed, define, listOf, number, optional, positive, share, type Described } from '@polytask/components';
import type { Label } from './tasks.ts';

/** The label of a task of one type. */
export type LabelOfType<T extends Label['type']> = Extract<Label, { readonly type: T }>;

/** The unit of labels that are numbers: what the mean and the deviation of the training rows do, and which ones there are. */
export interface LabelUnit {
  /** Whether sign(y)·log(1 + |y|) is taken first. Default false. */
  readonly log?: boolean;
  /**
   * `standard`: the mean is subtracted, and the deviation divides. `mean`: the mean divides. They are `mean` and `deviation` of what a fit
   * found. `none` (default): nothing.
   */
  readonly scale?: 'standard' | 'mean' | 'none';
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * What a model knows of a type of label: its encoding. All other code asks it, and never for the type. `@polytask/data` has the reading and the
 * fit.
 */
export interface LabelType<L extends Label = Label> {
  /** The type whose labels its encoded labels are, for predictions and metrics: those of `number` fit, if it says `number`. Default: none. */
  readonly like?: Label['type'];
  /** The unit of labels that are numbers. Default: an encoded label is the label. */
  unit?(label: L): LabelUnit;
  /** The names that encoded labels depend on, such as classes. Default: none. */
  names?(label: L): readonly string[] | undefined;
  /** What a fit finds. `shares` are as many as a prediction has numbers. */
  fitted(label: L): Described;
  /**
   * An encoded label that a task could have, for rows that a program makes up. Default: one of the names, or a number within the unit.
   *
   * @param score any number: a greater one gives a greater label, a later class, or more labels
   */
  madeUp?(label: L, score: number): number;
}

const ofShares = () => ({ shares: listOf(share) });

/** The encoding of each type of label that core has. */
const LABEL_TYPES: { readonly [T in Exclude<Label['type'], `${string}/${string}`>]: LabelType<LabelOfType<T>> } = {
  'yes-no': {
    unit: () => ({ minimum: 0, maximum: 1 }),
    fitted: () => ({ rate: share }),
    madeUp: (_, score) => Number(score > 0),
  },
  class: {
    names: ({ classes }) => classes,
    fitted: ofShares,
  },
  labels: {
    names: ({ labels }) => labels,
    fitted: ofShares,
    madeUp: ({ labels }, score) => 2 ** Math.min(labels!.length, Math.max(0, Math.round(score + 1))) - 1,
  },
  time: { fitted: ofShares },
  number: {
    unit: (label) => label,
    fitted: ({ scale }) => ({
      mean: scale === 'mean' ? positive : number(),
      deviation: positive,
      rate: optional(share),
    }),
  },
};

for (const [name, type] of Object.entries(LABEL_TYPES)) define('label', name, type, { package: '@polytask/core' });

/** The encoding of a label's type. @throws PolytaskError when no such type is defined */
export const labelTypeOf = ({ type }: Label): LabelType => builderNamed<LabelType>('label', type);

/** The unit of a label. */
export const unitOf = (label: Label): LabelUnit => labelTypeOf(label).unit?.(label) ?? {};

/** The type of label whose metrics measure this one. */
export const measuredType = (label: Label): Label['type'] => labelTypeOf(label).like ?? label.type;
