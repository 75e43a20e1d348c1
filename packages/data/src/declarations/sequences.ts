import { checkOptions, checks, fail } from '@polytask/core';
import { text } from '../options/checks.ts';
import {
  FEATURE_OPTIONS,
  ID_OPTIONS,
  valuesOf,
  type FeatureOptions,
  type IdDeclaration,
  type NumericDeclaration,
  type OptionsOf,
} from './features.ts';

/** An ordered list of ids, oldest first, such as the items that a user has viewed. */
export interface IdSequenceDeclaration extends FeatureOptions {
  readonly kind: 'id-sequence';
  /** The declaration of one id. Default: the vocabulary of the target, or `categorical()` without a target. */
  readonly values?: IdDeclaration;
  /** The text between two entries of a cell. Default `|`. */
  readonly separator?: string;
  /** Of a longer list, the last entries are kept. Default: the length of the longest list of the training rows. */
  readonly maxLength?: number;
  /** How the embeddings are combined. Default `attention` with a target, else `mean`. */
  readonly pooling?: 'mean' | 'last' | 'attention';
  /** The feature with the candidate's id, for `attention`. */
  readonly target?: string;
}

/** One more value for each entry of a sequence, in a column of its own. */
export interface SideColumnDeclaration extends FeatureOptions {
  readonly kind: 'side-column';
  /** The sequence. Both columns have lists of the same length in each row. */
  readonly of: string;
  /** The declaration of one value. Default `categorical()`. */
  readonly values?: IdDeclaration | NumericDeclaration;
  /** The text between two entries of a cell. Default `|`. */
  readonly separator?: string;
}

const { oneOf, optional, wholeNumber } = checks;
const from = optional(text);
const separator = optional(text);

const { indicator: _, ...numericOptions } = FEATURE_OPTIONS.numeric; // a missing entry is the mean

export const ID_SEQUENCE_OPTIONS: OptionsOf<IdSequenceDeclaration> = {
  from,
  values: optional(valuesOf(ID_OPTIONS)),
  separator,
  maxLength: optional(wholeNumber(1)),
  pooling: optional(oneOf('mean', 'last', 'attention')),
  target: optional(text),
};

export const SIDE_COLUMN_OPTIONS: OptionsOf<SideColumnDeclaration> = {
  from,
  of: text,
  values: optional(valuesOf({ ...ID_OPTIONS, numeric: numericOptions })),
  separator,
};

/**
 * Declares a column of histories: ordered lists of ids, oldest first. A cell is a list, or a text with a separator. An empty entry
 * is a missing id, and an empty cell an empty history.
 *
 * @throws PolytaskError as `numeric` does, and for `attention` without a target, or a target without `attention`
 * @example idSequence({ target: 'item', maxLength: 50 }) // beside item: categorical()
 */
export function idSequence(options: Omit<IdSequenceDeclaration, 'kind'> = {}): IdSequenceDeclaration {
  checkOptions(options, ID_SEQUENCE_OPTIONS, 'idSequence');
  const { target, pooling = target === undefined ? 'mean' : 'attention' } = options;
  if ((pooling === 'attention') !== (target !== undefined)) {
    fail({
      expected: 'a target for attention, and attention for a target',
      received: target === undefined ? 'pooling: "attention" without a target' : `target: "${target}" with ${pooling}`,
      mend: "Pass idSequence({ target: 'item' }), or leave target out.",
    });
  }
  return { kind: 'id-sequence', ...options };
}

/**
 * Declares a column with one more value for each entry of a sequence: the time since a view, or the category of an item. The
 * values are pooled with the weights of the sequence, and its attention reads them.
 *
 * @throws PolytaskError as `numeric` does
 * @example sideColumn({ of: 'history', values: numeric({ log: true }) }) // the column `history_days`, say
 */
export function sideColumn(options: Omit<SideColumnDeclaration, 'kind'>): SideColumnDeclaration {
  checkOptions(options, SIDE_COLUMN_OPTIONS, 'sideColumn');
  return { kind: 'side-column', ...options };
}
