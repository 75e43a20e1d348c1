import './schema.ts'; // defines the kinds of feature
import { fail, mapValues, recordOf, shown, suggestion } from '@polytask/components';
import { isComposed, vectorsOf, vocabularySize } from './codes.ts';
import type { Codes, FeatureForm } from './feature-form.ts';
import { formOf } from './feature-kind.ts';
import { type Pooling, poolingForm } from './pooling.ts';
import type { Feature, Schema } from './schema.ts';

export interface FeatureColumns {
  readonly from: number;
  readonly width: number;
}

/** Where a context of the schema is: its place in a batch, and its columns in the network's input. */
export interface ContextPosition {
  readonly place: FeaturePosition;
  /** Undefined when the input doesn't name its features. */
  readonly columns: FeatureColumns | undefined;
}

/** The contexts of a schema by name, in its order. {@link contextOf} reads one of them. */
export type Contexts = ReadonlyMap<string, ContextPosition>;

/**
 * The contexts of a schema.
 *
 * @param columns those of each feature in the network's input, if the input names them
 * @throws PolytaskError for a name that is no feature with one id, and for one that is there twice
 */
export const contextsOf = (
  { context = [], features }: Pick<Schema, 'context' | 'features'>,
  { places }: Pick<Layout, 'places'>,
  columns?: ReadonlyMap<string, FeatureColumns>,
): Contexts =>
  new Map(
    context.map((name, i) => {
      const place =
        places.find((each) => each.name === name && each.part === 'ids' && context.indexOf(name) === i) ??
        unfit('the context of the schema to be features with one id, each once', name, features);
      return [name, { place, columns: columns?.get(name) }];
    }),
  );

/** The rows of the embedding table that belong to one vocabulary. */
export interface FeatureTable {
  readonly name: string;
  readonly codes: Codes;
  /** The first row. */
  readonly offset: number;
}

export interface FeaturePosition {
  readonly name: string;
  readonly feature: Feature;
  readonly form: FeatureForm;
  /** The part of a batch that holds the feature. Pooled ids have weights in the same columns of `bagWeights`. */
  readonly part: 'numeric' | 'ids' | 'bagIds' | 'bagNumbers';
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
  readonly pooling?: Pooling | undefined;
  /** Of a side column: the name of its sequence. */
  readonly sequence?: string;
  /** Of a number: the place in `ids` of its repeated values. */
  readonly values?: FeaturePosition | undefined;
}

export interface Layout {
  readonly places: readonly FeaturePosition[];
  /** The number of columns in `numeric`. */
  readonly numeric: number;
  readonly fields: number;
  readonly slots: number;
  readonly numberSlots: number;
  readonly quotients: number;
  readonly vocabulary: number;
}

export interface ArrayOf {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

/**
 * The parts of a batch that hold encoded features. Batches, tensors, graph inputs and copies of rows are derived from this table. Labels and
 * sample weights are not parts: they have a block for each task.
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
} as const satisfies Record<string, { dtype: keyof ArrayOf; width: (layout: Layout) => number; isIndex?: true }>;

export type BatchPart = keyof typeof BATCH_PARTS;

export type IndexPart = {
  [P in BatchPart]: (typeof BATCH_PARTS)[P] extends { readonly isIndex: true } ? P : never;
}[BatchPart];

export const INDEX_PARTS = Object.entries(BATCH_PARTS).flatMap(([name, part]) =>
  'isIndex' in part ? [name as IndexPart] : [],
);

export const isIndexPart = (part: BatchPart): part is IndexPart => INDEX_PARTS.some((index) => index === part);

export type FeatureArrays = { readonly [P in BatchPart]: ArrayOf[(typeof BATCH_PARTS)[P]['dtype']] };

export interface PartSpec {
  readonly name: BatchPart;
  readonly dtype: keyof ArrayOf;
  /** The number of columns. */
  readonly width: number;
}

/**
 * The parts with at least one column in a layout: the inputs of a graph or a layer.
 *
 * @example presentParts(layoutOf(denseSchema(3, tasks))) // [{ name: 'numeric', dtype: 'float32', width: 3 }]
 */
export const presentParts = (layout: Layout): PartSpec[] =>
  Object.values(byPart((name, dtype) => ({ name, dtype, width: BATCH_PARTS[name].width(layout) }))).filter(
    ({ width }) => width > 0,
  );

export const byPart = <V>(make: (name: BatchPart, dtype: keyof ArrayOf) => V): Record<BatchPart, V> =>
  mapValues(BATCH_PARTS, ({ dtype }, name) => make(name, dtype));

export const byIndexPart = <V>(make: (name: IndexPart) => V): Record<IndexPart, V> => recordOf(INDEX_PARTS, make);

export interface PartColumns extends Pick<FeaturePosition, 'column' | 'width' | 'offset'> {
  readonly part: BatchPart;
}

/** The parts of a batch that hold a feature, with its columns in each. */
export const featureParts = ({
  part,
  quotientColumn,
  values,
  column,
  width,
  offset,
}: FeaturePosition): PartColumns[] => [
  { part, column, width, offset },
  ...(part === 'bagIds' ? [{ part: 'bagWeights' as const, column, width, offset }] : []),
  ...(quotientColumn === undefined ? [] : [{ part: 'quotientIds' as const, column: quotientColumn, width, offset }]),
  ...(values ? featureParts(values) : []),
];

/** The places of the columns in `ids`: features with one id, and the repeated values of numbers. */
export const idPlaces = ({ places }: Pick<Layout, 'places'>): FeaturePosition[] =>
  places.map((place) => place.values ?? place).filter(({ part }) => part === 'ids');

/**
 * The layout of a schema.
 *
 * @throws PolytaskError when there is no feature, a feature is of an unknown kind, or it names another one that doesn't fit
 * @example layoutOf({ features: { x: { kind: 'vector', width: 3 } } }).numeric // 3
 */
export function layoutOf({ features }: Pick<Schema, 'features'>, form: typeof formOf = formOf): Layout {
  const forms = new Map(Object.entries(features).map(([name, feature]) => [name, form(feature, name, features)]));
  const { tables, vocabulary } = tablesOf(forms);
  const columns = { numeric: 0, ids: 0, bagIds: 0, bagNumbers: 0, quotientIds: 0 };
  const placeOf = (name: string, form: FeatureForm): FeaturePosition => {
    const feature = features[name]!;
    const codes = 'codes' in form ? form.codes : undefined;
    const owner = codes && ('with' in codes ? codes.with : name);
    const table = codes && tables.get('with' in codes ? forms.get(codes.with) : form);
    if (owner !== undefined && !table) {
      unfit(`feature "${name}" to share the table of a feature with a vocabulary of its own`, owner, features);
    }
    const space = spaceOf(name, form, forms, features, table);
    const column = columns[space.part];
    columns[space.part] += space.width;
    const place = { name, feature, form, ...space, column, ...(table && { table }), offset: table?.offset ?? 0 };
    if ('values' in form && form.values) return { ...place, values: placeOf(name, form.values) };
    if (!table || !isComposed(table.codes)) return place;
    const quotientColumn = columns.quotientIds;
    columns.quotientIds += space.width;
    return { ...place, quotientColumn };
  };
  const places = [...forms].map(([name, form]) => placeOf(name, form));
  if (places.length === 0) {
    fail({ expected: 'at least one feature', received: 'none', fix: 'Pass features: { age: numeric() }.' });
  }
  checkTargets(places, features);
  const { numeric, ids: fields, bagIds: slots, bagNumbers: numberSlots, quotientIds: quotients } = columns;
  return { places, numeric, fields, slots, numberSlots, quotients, vocabulary };
}

type Forms = ReadonlyMap<string, FeatureForm>;

function tablesOf(forms: Forms): {
  tables: ReadonlyMap<FeatureForm | undefined, FeatureTable>;
  vocabulary: number;
} {
  const tables = new Map<FeatureForm | undefined, FeatureTable>();
  let vocabulary = 0;
  for (const [name, form] of forms) {
    const ids = 'values' in form ? form.values : form;
    if (!ids || !('codes' in ids) || 'with' in ids.codes) continue;
    const { codes } = ids;
    tables.set(ids, { name, codes, offset: vocabulary });
    vocabulary += vocabularySize(codes) * vectorsOf(codes);
  }
  return { tables, vocabulary };
}

function spaceOf(
  name: string,
  form: FeatureForm,
  forms: Forms,
  features: Schema['features'],
  table: FeatureTable | undefined,
): Pick<FeaturePosition, 'part' | 'width' | 'pooling' | 'sequence'> {
  const part = PARTS[form.type];
  if (form.type === 'id') return { part, width: vectorsOf(table!.codes) };
  const of = 'of' in form ? form.of : undefined;
  const sequence = of === undefined ? form : forms.get(of);
  const { width, pooling } = (sequence ?? {}) as Pick<FeaturePosition, 'width' | 'pooling'>;
  if (of === undefined) return { part, width, pooling };
  if (sequence?.type === 'ids' && sequence.ordered) return { part, width, pooling, sequence: of };
  return unfit(`side column "${name}" to be of a sequence`, of, features);
}

const PARTS = { numbers: 'numeric', id: 'ids', ids: 'bagIds', 'entry-numbers': 'bagNumbers' } as const;

function checkTargets(places: readonly FeaturePosition[], features: Schema['features']): void {
  for (const { name, form, pooling, sequence, table } of places) {
    if (form.type !== 'ids' || sequence !== undefined) continue;
    for (const [list, of] of Object.entries(form.search ?? {})) {
      const entries = places.find((place) => place.name === list);
      const isOwn = list === name || entries?.sequence === name;
      if (!isOwn || entries?.part !== 'bagIds')
        unfit(`the search of "${name}" in itself, or in a side column of ids`, list, features);
      const candidate = places.find((place) => place.name === of);
      if (candidate?.part !== 'ids' || candidate.form.reads) unfit(`one id to search for in "${list}"`, of, features);
    }
    if (!poolingForm(pooling!).target) continue;
    const target = places.find((place) => place.name === form.target);
    if (target?.part === 'ids' && target.table === table) continue;
    unfit(`the target of sequence "${name}" to be one id of the same table`, form.target, features);
  }
}

/** @throws PolytaskError for a feature that names another one that doesn't fit */
export function unfit(expected: string, other: string | undefined, features: Schema['features']): never {
  const named = features[other!];
  return fail({
    expected,
    received: `${shown(other)}, ${named ? `a ${named.kind} feature` : 'which is no feature'}`,
    fix: named ? 'Name another one.' : suggestion(other, Object.keys(features)),
  });
}
