import { fail } from '../errors/errors.ts';
import * as json from '../storage/json.ts';
import type { Tasks } from '../tasks/tasks.ts';

/**
 * A standardized number: (x − mean) / deviation, after sign(x)·log(1 + |x|) with `log`. A missing value becomes the mean.
 */
export interface NumericFeature {
  readonly kind: 'numeric';
  readonly mean: number;
  readonly deviation: number;
  readonly log?: boolean;
  /** Adds a second input that is 1 where the value is missing. */
  readonly indicator?: boolean;
}

/** A vector of `width` numbers, used as they are. Missing values are errors. */
export interface VectorFeature {
  readonly kind: 'vector';
  readonly width: number;
}

/** A value from a fixed vocabulary. All other values share one entry; missing values have another. */
export interface CategoricalFeature {
  readonly kind: 'categorical';
  readonly vocabulary: readonly string[];
  /**
   * How many vectors of the embedding's dimension a value has, one after the other. A list that shares the vocabulary reads the first
   * one. Default 1.
   */
  readonly vectors?: number;
}

/** Any string, by its hash. Different values may share an entry; missing values have their own entry. */
export interface HashedFeature {
  readonly kind: 'hashed';
  readonly buckets: number;
  /**
   * Composes the vector of a bucket from two rows: one of `quotients`, and one of buckets / quotients. Default: each bucket has
   * a row of its own.
   */
  readonly quotients?: number;
  /**
   * How many vectors of the embedding's dimension a value has, one after the other. A list that shares the vocabulary reads the first
   * one. Default 1.
   */
  readonly vectors?: number;
}

/**
 * A value from the vocabulary of another feature. Both features read the same rows of the embedding table, so an item has one
 * vector, whether it is the candidate or a part of a user's history.
 */
export interface SharedFeature {
  readonly kind: 'shared';
  /** The feature that owns the vocabulary and its rows of the table. */
  readonly with: string;
}

/** A feature whose value is one id: a row of the embedding table. */
export type IdFeature = CategoricalFeature | HashedFeature | SharedFeature;

/** Several values in one cell. Their embeddings are pooled; an empty cell becomes zeros. */
export interface MultiValuedFeature {
  readonly kind: 'multi-valued';
  readonly values: IdFeature;
  /** The separator of the values when the cell is a string. */
  readonly separator: string;
  /** The most values per cell. Further values are ignored. */
  readonly maxLength: number;
  readonly pooling: 'mean' | 'sum';
}

/**
 * An ordered list of ids, oldest first, such as the items that a user has viewed. Their embeddings are pooled; an empty list
 * becomes zeros.
 */
export interface IdSequenceFeature {
  readonly kind: 'id-sequence';
  readonly values: IdFeature;
  /** The separator of the entries when the cell is a string. */
  readonly separator: string;
  /** The most entries per row. Of a longer list, the last entries are kept. */
  readonly maxLength: number;
  /** `last` is the last entry alone. `attention` weighs each entry by what it says about the `target`. */
  readonly pooling: 'mean' | 'last' | 'attention';
  /** With `attention`: the feature with the candidate's id. It shares its table with the sequence. */
  readonly target?: string;
}

/** One more value for each entry of a sequence, such as the time since a view. It is pooled with the weights of the sequence. */
export interface SideColumnFeature {
  readonly kind: 'side-column';
  /** The sequence. Both lists have the same length in each row. */
  readonly of: string;
  readonly values: NumericFeature | IdFeature;
  /** The separator of the entries when the cell is a string. */
  readonly separator: string;
}

/** A fitted feature, as plain JSON. It encodes a value in the same way in training and serving. */
export type Feature =
  NumericFeature | VectorFeature | IdFeature | MultiValuedFeature | IdSequenceFeature | SideColumnFeature;

const { byKind, flag, number, object, oneOf, optional, text, wholeNumber } = json;

const numeric = object({
  kind: oneOf('numeric'),
  mean: number(),
  deviation: number(),
  log: optional(flag),
  indicator: optional(flag),
});

const vectors = optional(wholeNumber(1));
const ids = {
  categorical: object({ kind: oneOf('categorical'), vocabulary: json.list(text), vectors }),
  hashed: object({ kind: oneOf('hashed'), buckets: wholeNumber(1), quotients: optional(wholeNumber(2)), vectors }),
  shared: object({ kind: oneOf('shared'), with: text }),
};

/** Reads a feature from the JSON of a saved model. */
export const readFeature: json.JsonReader<Feature> = byKind({
  numeric,
  vector: object({ kind: oneOf('vector'), width: wholeNumber(1) }),
  ...ids,
  'multi-valued': object({
    kind: oneOf('multi-valued'),
    values: byKind(ids),
    separator: text,
    maxLength: wholeNumber(1),
    pooling: oneOf('mean', 'sum'),
  }),
  'id-sequence': object({
    kind: oneOf('id-sequence'),
    values: byKind(ids),
    separator: text,
    maxLength: wholeNumber(1),
    pooling: oneOf('mean', 'last', 'attention'),
    target: optional(text),
  }),
  'side-column': object({
    kind: oneOf('side-column'),
    of: text,
    values: byKind({ numeric, ...ids }),
    separator: text,
  }),
});

/**
 * Checks the features of a schema that comes from elsewhere, such as the metadata of an ONNX file.
 *
 * @param where the place of the features, as the error names it
 * @throws PolytaskError that names each value that doesn't fit, and each unknown key
 * @example checkFeatures({ age: { kind: 'numeric', mean: 41, deviation: 12 } }, 'schema.features');
 */
export function checkFeatures(features: unknown, where: string): asserts features is Schema['features'] {
  const { faults } = json.read(json.record(readFeature), features);
  if (faults.length === 0) return;
  fail({
    expected: `the features of a schema in ${where}`,
    received: faults.slice(0, 5).join('; '),
    mend: 'Copy it again.',
  });
}

/** The features that a model reads and the tasks that it predicts. It is fitted on training rows and saved with the model. */
export interface Schema<T extends Tasks = Tasks> {
  readonly features: Readonly<Record<string, Feature>>;
  readonly tasks: T;
}

/** The value of one feature in one row, before encoding. */
export type FeatureValue = number | string | boolean | null | undefined | readonly number[] | readonly string[];

/** A row: values by feature name. Other keys are ignored. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Creates a schema with one vector feature, `x`, for data that is numeric already.
 *
 * @param width the length of the vector
 * @example denseSchema(20, { click: binary(), like: binary() }) // rows: { x: [0.1, …] }
 */
export const denseSchema = <T extends Tasks>(width: number, tasks: T): Schema<T> => ({
  features: { x: { kind: 'vector', width } },
  tasks,
});
