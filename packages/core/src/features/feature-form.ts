import type * as tf from '@tensorflow/tfjs-core';
import type { Pooling } from './pooling.ts';
import type { Scale } from './values.ts';

interface AnyForm {
  readonly reads?: readonly string[] | undefined;
}

/** Numbers that enter a model as they are encoded: the part `numeric` of a batch. */
export interface NumbersForm extends AnyForm {
  readonly type: 'numbers';
  /** How many. */
  readonly width: number;
  /** Set for one standardized number. An exported file then reads the raw number and standardizes it. */
  readonly scale?: Scale;
  /** The same numbers from raw ones, NaN where missing, in an exported file: [batch] → [batch, width]. Default: it reads encoded numbers. */
  readonly graph?: (x: tf.Tensor1D, operations: typeof tf) => tf.Tensor2D;
  /** The same value as one id, if its repeated values have vectors next to the numbers. */
  readonly values?: IdForm | undefined;
  /** Writes the numbers of a value to `to`, from `at` on. Throws when the value doesn't fit. @param name of the feature, for messages */
  readonly write: (value: unknown, to: Float32Array, at: number, name: string) => void;
}

/** The codes of a vocabulary or of buckets. Code 0 is any unknown value, code 1 a missing one; see {@link FIRST_CODE}. */
export interface Codes {
  /** How many codes there are, with the two reserved ones. */
  readonly count: number;
  /** Creates a function that gives the code of a text. Create it once: it may hold an index. */
  readonly encoder: () => (text: string) => number;
  /** The text of a code, from 2 on. */
  readonly textOf: (code: number) => string;
  /** The texts of a vocabulary; undefined where any text has a code. */
  readonly known?: readonly string[];
  /** How many vectors of the embedding's dimension a value has. Default 1. */
  readonly vectors?: number | undefined;
  /** Composes the vector of a code from two rows, one of so many quotients. */
  readonly quotients?: number | undefined;
}

/** One id: the part `ids`. */
export interface IdForm extends AnyForm {
  readonly type: 'id';
  /** The codes, or the name of the feature whose codes and rows of the table it shares. */
  readonly codes: Codes | { readonly with: string };
  /** The text of a value; null where it is missing. Default: the value as text. */
  readonly textOf?: (value: unknown, name: string) => string | null;
}

/**
 * The candidate's features that a search compares (SIM, Pi et al., CIKM 2020, section 3.2), by the list with their values for the entries:
 * `{ categories: 'category' }`. An entry is kept if one of its values is the candidate's.
 */
export type HistorySearch = Readonly<Record<string, string>>;

/** Several ids, whose vectors are pooled: the parts `bagIds` and `bagWeights`. */
export interface IdsForm extends AnyForm {
  readonly type: 'ids';
  readonly codes: IdForm['codes'];
  /** The texts of the entries of a value; null for a missing one. */
  readonly entries: (value: unknown, name: string) => readonly (string | null)[];
  readonly separator: string;
  /** The sequence that the entries belong to: it says the number of slots, and pools them. */
  readonly of?: string;
  /** The number of slots. A longer list keeps its first entries, or its last ones if it is ordered. */
  readonly width?: number;
  readonly ordered?: boolean;
  readonly pooling?: Pooling;
  /** The feature with the candidate's id, for a pooling that reads it. */
  readonly target?: string | undefined;
  /** Of a searched sequence: the features of the candidate, by the list with their values for the entries. */
  readonly search?: HistorySearch | undefined;
}

/** One number for each entry of a sequence, pooled with its weights: the part `bagNumbers`. */
export interface EntryNumbersForm extends AnyForm {
  readonly type: 'entry-numbers';
  readonly of: string;
  readonly scale: Scale;
  /** The numbers of the entries of a value; NaN for a missing one. */
  readonly entries: (value: unknown, name: string) => readonly number[];
  readonly separator: string;
}

/** The form of a feature in a batch. All code behind encoding asks for the form, and never for the kind. */
export type FeatureForm = NumbersForm | IdForm | IdsForm | EntryNumbersForm;
