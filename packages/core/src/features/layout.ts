import { fail, suggestion } from '../errors/errors.ts';
import { isComposed, vectorsOf, vocabularySize, type ComposedFeature } from './codes.ts';
import type {
  CategoricalFeature,
  Feature,
  HashedFeature,
  IdFeature,
  MultiValuedFeature,
  Schema,
  IdSequenceFeature,
} from './schema.ts';

/** The rows of the embedding table that belong to one vocabulary. One feature owns them, and others may share them. */
export interface FeatureTable {
  /** The feature that owns the rows. */
  readonly name: string;
  /** Which value has which row. */
  readonly values: CategoricalFeature | HashedFeature;
  /** The first row. */
  readonly offset: number;
}

/** The position of a feature in an encoded row. */
export interface FeaturePlace {
  readonly name: string;
  readonly feature: Feature;
  /** The part of a batch that holds the feature. Pooled ids have weights in the same columns of `bagWeights`. */
  readonly part: 'numeric' | 'ids' | 'bagIds' | 'bagNumbers';
  /** The first column in the part. */
  readonly column: number;
  /** The number of columns. */
  readonly width: number;
  /** The rows of the embedding table that an id can have; undefined for numbers. */
  readonly table?: FeatureTable;
  /** The field's first row in the embedding table; 0 for numbers. */
  readonly offset: number;
  /** The first column in `quotientIds`, of as many as the feature has in its part. Undefined when its vectors aren't composed. */
  readonly quotientColumn?: number;
  /** How the slots of a list are combined. A side column is pooled as its sequence is. */
  readonly pooling?: Pooling;
}

/** How the slots of a list are combined. */
export type Pooling = (MultiValuedFeature | IdSequenceFeature)['pooling'];

/** The positions of all features of a schema in the arrays of a batch. */
export interface Layout {
  readonly places: readonly FeaturePlace[];
  /** The number of columns in `numeric`. */
  readonly numeric: number;
  /** The number of columns in `ids`. */
  readonly fields: number;
  /** The number of slots of all pooled ids together. */
  readonly slots: number;
  /** The number of slots of all pooled numbers together. */
  readonly numberSlots: number;
  /** The number of columns in `quotientIds`. */
  readonly quotients: number;
  /** The number of rows in the embedding table. */
  readonly vocabulary: number;
}

/** The typed array of each dtype. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

interface PartDeclaration {
  readonly dtype: keyof ArrayOf;
  /** The number of columns that the part has in a layout. */
  readonly width: (layout: Layout) => number;
  /** Whether the numbers are rows of the embedding table. */
  readonly isIndex?: true;
}

/**
 * The parts of a batch that hold encoded features. Batches, tensors, graph inputs and copies of rows are all derived from
 * this table. Labels and sample weights are not parts: they are stored by task.
 */
export const BATCH_PARTS = {
  /** [size × layout.numeric] standardized numbers and vectors */
  numeric: { dtype: 'float32', width: (layout: Layout) => layout.numeric },
  /** [size × layout.fields] row indices of the embedding table */
  ids: { dtype: 'int32', width: (layout: Layout) => layout.fields, isIndex: true },
  /** [size × layout.slots] row indices of the same table, for multi-valued features and sequences */
  bagIds: { dtype: 'int32', width: (layout: Layout) => layout.slots, isIndex: true },
  /** [size × layout.slots] weights of `bagIds`; 0 in empty slots */
  bagWeights: { dtype: 'float32', width: (layout: Layout) => layout.slots },
  /** [size × layout.numberSlots] standardized numbers of side columns; 0 in empty slots */
  bagNumbers: { dtype: 'float32', width: (layout: Layout) => layout.numberSlots },
  /** [size × layout.quotients] row indices of the same table: the second rows of composed vectors */
  quotientIds: { dtype: 'int32', width: (layout: Layout) => layout.quotients, isIndex: true },
} as const satisfies Record<string, PartDeclaration>;

/** The name of a part of {@link BATCH_PARTS}. */
export type BatchPart = keyof typeof BATCH_PARTS;

/** The parts whose numbers are rows of the embedding table. */
export type IndexPart = {
  [P in BatchPart]: (typeof BATCH_PARTS)[P] extends { readonly isIndex: true } ? P : never;
}[BatchPart];

/** The names of the parts that hold indices of embeddings: those with `isIndex` in {@link BATCH_PARTS}. */
export const INDEX_PARTS = Object.entries(BATCH_PARTS).flatMap(([name, part]) =>
  'isIndex' in part ? [name as IndexPart] : [],
);

/** Whether a part holds ids. */
export const isIndexPart = (part: BatchPart): part is IndexPart => INDEX_PARTS.some((index) => index === part);

/** The feature arrays of a batch, row-major. */
export type FeatureArrays = { readonly [P in BatchPart]: ArrayOf[(typeof BATCH_PARTS)[P]['dtype']] };

/** A part of a batch, with its width in one layout. */
export interface PartSpec {
  readonly name: BatchPart;
  readonly dtype: keyof ArrayOf;
  /** The number of columns; may be 0. */
  readonly width: number;
}

/**
 * All parts of a batch, in order, including parts without columns.
 *
 * @example batchParts(model.layout).map(({ name }) => name) // ['numeric', 'ids', 'bagIds', 'bagWeights', …]
 */
export const batchParts = (layout: Layout): PartSpec[] =>
  Object.entries(BATCH_PARTS).map(([name, { dtype, width }]) => ({
    name: name as BatchPart,
    dtype,
    width: width(layout),
  }));

/**
 * The parts with at least one column in a layout. They are the inputs of a graph or a layer.
 *
 * @example presentParts(layoutOf(denseSchema(3, tasks))) // [{ name: 'numeric', dtype: 'float32', width: 3 }]
 */
export const presentParts = (layout: Layout): PartSpec[] => batchParts(layout).filter(({ width }) => width > 0);

/** Creates an object with a value for each part. */
export const byPart = <V>(make: (name: BatchPart, dtype: keyof ArrayOf) => V): Record<BatchPart, V> =>
  Object.fromEntries(
    Object.entries(BATCH_PARTS).map(([name, { dtype }]) => [name, make(name as BatchPart, dtype)]),
  ) as Record<BatchPart, V>;

/** Creates an object with a value for each part that holds ids. */
export const byIndexPart = <V>(make: (name: IndexPart) => V): Record<IndexPart, V> =>
  Object.fromEntries(INDEX_PARTS.map((name) => [name, make(name)])) as Record<IndexPart, V>;

/** The parts of a batch that hold a feature, with its first column in each. */
export const featureParts = ({ part, column, quotientColumn }: FeaturePlace): { part: BatchPart; column: number }[] => [
  { part, column },
  ...(part === 'bagIds' ? [{ part: 'bagWeights' as const, column }] : []),
  ...(quotientColumn === undefined ? [] : [{ part: 'quotientIds' as const, column: quotientColumn }]),
];

/** The names of the kinds of features, for error messages. */
const KINDS = 'numeric, vector, categorical, hashed, shared, multi-valued, id-sequence or side-column';

/**
 * Computes the layout of a schema.
 *
 * @throws PolytaskError when there is no feature, a feature is of an unknown kind, or it names another one that doesn't fit
 * @example layoutOf({ features: { x: { kind: 'vector', width: 3 } } }).numeric // 3
 */
export function layoutOf({ features }: Pick<Schema, 'features'>): Layout {
  const { tables, vocabulary } = tablesOf(features);
  const columns = { numeric: 0, ids: 0, bagIds: 0, bagNumbers: 0, quotientIds: 0 };
  const places = Object.entries(features).map(([name, feature]): FeaturePlace => {
    const ids = feature && idsOf(feature);
    const table = ids && (tables.get(ids.kind === 'shared' ? ids.with : name) ?? noTable(name, ids, features));
    const space = spaceOf(name, feature, features, table);
    const column = columns[space.part];
    columns[space.part] += space.width;
    if (!table) return { name, feature, ...space, column, offset: 0 };
    const place = { name, feature, ...space, column, table, offset: table.offset };
    if (!isComposed(table.values)) return place;
    const quotientColumn = columns.quotientIds;
    columns.quotientIds += space.width;
    return { ...place, quotientColumn };
  });
  if (places.length === 0) {
    fail({ expected: 'at least one feature', received: 'none', mend: 'Pass features: { age: numeric() }.' });
  }
  checkTargets(places);
  const { numeric, ids: fields, bagIds: slots, bagNumbers: numberSlots, quotientIds: quotients } = columns;
  return { places, numeric, fields, slots, numberSlots, quotients, vocabulary };
}

/** The ids of a feature; undefined for numbers. */
function idsOf(feature: Feature): IdFeature | undefined {
  if (feature.kind === 'numeric' || feature.kind === 'vector') return undefined;
  const values = 'values' in feature ? feature.values : feature;
  return values.kind === 'numeric' ? undefined : values;
}

type Features = Schema['features'];

/** The rows of each feature that owns some, one after the other, and their number. */
function tablesOf(features: Features): { tables: ReadonlyMap<string, FeatureTable>; vocabulary: number } {
  const tables = new Map<string, FeatureTable>();
  let vocabulary = 0;
  for (const [name, feature] of Object.entries(features)) {
    const values = feature && idsOf(feature);
    if (!values || values.kind === 'shared') continue;
    if (isComposed(values)) checkQuotients(name, values);
    tables.set(name, { name, values, offset: vocabulary });
    vocabulary += vocabularySize(values) * vectorsOf(values);
  }
  return { tables, vocabulary };
}

/** @throws PolytaskError for quotients that leave fewer than two remainders */
function checkQuotients(name: string, { buckets, quotients }: ComposedFeature): void {
  if (2 * quotients <= buckets) return;
  fail({
    expected: `at most ${Math.floor(buckets / 2)} quotients for the ${buckets} buckets of feature "${name}"`,
    received: String(quotients),
    mend: 'Pass fewer quotients, such as 4.',
  });
}

/** The part of a batch that holds a feature, the number of columns that the feature has there, and its pooling. */
function spaceOf(
  name: string,
  feature: Feature,
  features: Features,
  table: FeatureTable | undefined,
): Pick<FeaturePlace, 'part' | 'width' | 'pooling'> {
  switch (feature?.kind) {
    case 'numeric':
      return { part: 'numeric', width: feature.indicator ? 2 : 1 };
    case 'vector':
      return { part: 'numeric', width: feature.width };
    case 'categorical':
    case 'hashed':
    case 'shared':
      return { part: 'ids', width: vectorsOf(table!.values) };
    case 'multi-valued':
    case 'id-sequence':
      return { part: 'bagIds', width: feature.maxLength, pooling: feature.pooling };
    case 'side-column': {
      const sequence = features[feature.of];
      if (sequence?.kind !== 'id-sequence') {
        fail({
          expected: `side column "${name}" to be of a sequence`,
          received: `"${feature.of}", ${sequence ? `a ${sequence.kind} feature` : 'which is no feature'}`,
          mend: 'Name the sequence with of.',
        });
      }
      const { maxLength, pooling } = sequence;
      return { part: feature.values.kind === 'numeric' ? 'bagNumbers' : 'bagIds', width: maxLength, pooling };
    }
    default:
      return fail({
        expected: `feature "${name}" to be ${KINDS}`,
        received: JSON.stringify((feature as { kind?: unknown } | undefined)?.kind),
        mend: 'Fit a table, or write the feature as in the schema documentation.',
      });
  }
}

function noTable(name: string, ids: IdFeature, features: Features): never {
  const other = ids.kind === 'shared' ? ids.with : name;
  return fail({
    expected: `feature "${name}" to share the table of a feature with a vocabulary of its own`,
    received: `"${other}", ${other in features ? 'which has none' : 'which is no feature'}`,
    mend: suggestion(other, Object.keys(features)),
  });
}

/** @throws PolytaskError for a sequence whose target is no single id of the sequence's own table */
function checkTargets(places: readonly FeaturePlace[]): void {
  for (const { name, feature, table } of places) {
    if (feature.kind !== 'id-sequence' || feature.pooling !== 'attention') continue;
    const target = places.find((place) => place.name === feature.target);
    if (target?.part === 'ids' && target.table === table) continue;
    fail({
      expected: `the target of sequence "${name}" to be a feature with one id from the same table`,
      received: target
        ? `"${target.name}", ${target.part === 'ids' ? 'with another table' : 'which has no single id'}`
        : 'none',
      mend: 'Pass target: "item" and values: shared({ with: "item" }).',
    });
  }
}
