import type { Layout } from './layout.ts';

/** The arrays in which numbers of a type are held. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

interface PartDeclaration {
  readonly dtype: keyof ArrayOf;
  /** Columns of the part in a row of a layout. */
  readonly width: (layout: Layout) => number;
}

/**
 * The parts of a batch that hold encoded features: the one place that names them. Batches, tensors, graph inputs and copies
 * of rows follow from it. Labels and sample weights stand beside the parts, by task.
 */
export const BATCH_PARTS = {
  /** [size × layout.numeric] numbers, as the model reads them */
  numeric: { dtype: 'float32', width: (layout: Layout) => layout.numeric },
  /** [size × layout.fields] rows of the one embedding table */
  ids: { dtype: 'int32', width: (layout: Layout) => layout.fields },
  /** [size × layout.slots] rows of the same table, of multi-valued features */
  bagIds: { dtype: 'int32', width: (layout: Layout) => layout.slots },
  /** [size × layout.slots] weights of those rows; 0 in empty slots */
  bagWeights: { dtype: 'float32', width: (layout: Layout) => layout.slots },
} as const satisfies Record<string, PartDeclaration>;

export type BatchPart = keyof typeof BATCH_PARTS;

/** The arrays of a batch that features are written to, row-major. */
export type FeatureArrays = { readonly [P in BatchPart]: ArrayOf[(typeof BATCH_PARTS)[P]['dtype']] };

/** A part in one layout. */
export interface PartSpec {
  readonly name: BatchPart;
  readonly dtype: keyof ArrayOf;
  /** Columns; may be 0. */
  readonly width: number;
}

/** All parts of a batch in their order, those without columns included. */
export const batchParts = (layout: Layout): PartSpec[] =>
  Object.entries(BATCH_PARTS).map(([name, { dtype, width }]) => ({
    name: name as BatchPart,
    dtype,
    width: width(layout),
  }));

/** The parts that have columns in a layout: the inputs of a graph or a layer. */
export const presentParts = (layout: Layout): PartSpec[] => batchParts(layout).filter(({ width }) => width > 0);

/** A value for each part, by its name. */
export const byPart = <V>(make: (name: BatchPart, dtype: keyof ArrayOf) => V): Record<BatchPart, V> =>
  Object.fromEntries(
    Object.entries(BATCH_PARTS).map(([name, { dtype }]) => [name, make(name as BatchPart, dtype)]),
  ) as Record<BatchPart, V>;
