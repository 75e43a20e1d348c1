import { z } from 'zod';
import type { Tasks } from '../tasks/tasks.ts';

/** A number, standardized: (x − mean) / deviation, after sign(x)·log(1 + |x|) when `log`. Missing: the mean. */
export interface NumericFeature {
  readonly kind: 'numeric';
  readonly mean: number;
  readonly deviation: number;
  readonly log?: boolean;
  /** Adds a second input that is 1 where the value is missing. */
  readonly indicator?: boolean;
}

/** Numbers that are inputs as they are: `width` of them. Missing ones are not allowed. */
export interface VectorFeature {
  readonly kind: 'vector';
  readonly width: number;
}

/** One of a fixed vocabulary. Values outside it share one entry, missing ones another. */
export interface CategoricalFeature {
  readonly kind: 'categorical';
  readonly vocabulary: readonly string[];
}

/** Any string, by its hash: different values may share an entry. Missing values have their own. */
export interface HashedFeature {
  readonly kind: 'hashed';
  readonly buckets: number;
}

/** Several values in one cell. Their embeddings are pooled; an empty cell gives zeros. */
export interface MultiValuedFeature {
  readonly kind: 'multi-valued';
  readonly values: CategoricalFeature | HashedFeature;
  /** Between the values where the cell is one string. */
  readonly separator: string;
  /** Values past this number are left out. */
  readonly maxLength: number;
  readonly pooling: 'mean' | 'sum';
}

/** A fitted feature: all that is needed to encode a value in the same way at training and serving. Plain JSON. */
export type Feature = NumericFeature | VectorFeature | CategoricalFeature | HashedFeature | MultiValuedFeature;

const categorical = z.object({ kind: z.literal('categorical'), vocabulary: z.array(z.string()) });
const hashed = z.object({ kind: z.literal('hashed'), buckets: z.int().positive() });

/** A {@link Feature} as a saved model has it. */
export const featureDocument = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    mean: z.number(),
    deviation: z.number(),
    log: z.boolean().optional(),
    indicator: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('vector'), width: z.int().positive() }),
  categorical,
  hashed,
  z.object({
    kind: z.literal('multi-valued'),
    values: z.discriminatedUnion('kind', [categorical, hashed]),
    separator: z.string(),
    maxLength: z.int().positive(),
    pooling: z.enum(['mean', 'sum']),
  }),
]);

/** What a model reads and what it predicts. Fitted on training rows only, saved with the model. */
export interface Schema<T extends Tasks = Tasks> {
  readonly features: Readonly<Record<string, Feature>>;
  readonly tasks: T;
}

/** The value of one feature in one row, before encoding. */
export type FeatureValue = number | string | boolean | null | undefined | readonly number[] | readonly string[];

/** A row by feature names. Other keys are ignored. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * A schema of one dense vector, for data that is numbers already.
 *
 * @example denseSchema(20, { click: binary(), like: binary() }) // rows: { x: [0.1, …] }
 */
export const denseSchema = <T extends Tasks>(width: number, tasks: T): Schema<T> => ({
  features: { x: { kind: 'vector', width } },
  tasks,
});
