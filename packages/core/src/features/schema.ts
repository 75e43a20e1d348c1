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
}

/** Any string, by its hash. Different values may share an entry; missing values have their own entry. */
export interface HashedFeature {
  readonly kind: 'hashed';
  readonly buckets: number;
}

/** Several values in one cell. Their embeddings are pooled; an empty cell becomes zeros. */
export interface MultiValuedFeature {
  readonly kind: 'multi-valued';
  readonly values: CategoricalFeature | HashedFeature;
  /** The separator of the values when the cell is a string. */
  readonly separator: string;
  /** The most values per cell. Further values are ignored. */
  readonly maxLength: number;
  readonly pooling: 'mean' | 'sum';
}

/** A fitted feature, as plain JSON. It encodes a value in the same way in training and serving. */
export type Feature = NumericFeature | VectorFeature | CategoricalFeature | HashedFeature | MultiValuedFeature;

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
