import {
  layoutOf,
  numberOf,
  type Batch,
  type FeaturePosition,
  type Layout,
  type Predictions,
  type Schema,
  type Tasks,
  predictionTypeOf,
  featureKind,
  MISSING,
} from '@polytask/core';
import { predictedColumns } from '@polytask/core/internal';
import { textOf, valueReader } from '../columns/columns.ts';
import { featureNeeds } from '../declarations/features.ts';
import type { Table } from '../table/table.ts';

/** Encoded rows, with their raw values: a missing number is encoded as the mean, so the batch doesn't tell. */
export interface WatchedRows {
  readonly batch: Batch;
  /** Reads the raw value of a feature in a row; undefined for a feature whose value is in several columns, or in those of others. */
  readonly raw: (feature: string) => ((row: number) => unknown) | undefined;
}

/** Values that are watched: of a feature, of one number of a vector, or of predictions. */
export interface WatchedColumn<R> {
  /** `age`, `x[3]` for one number of a vector, or `day (trend)` for one of a date. */
  readonly name: string;
  /** The feature, or the task. */
  readonly of: string;
  /** Of one number of a date: its part, and all parts that enter the model. */
  readonly date?: { readonly part: string; readonly parts: readonly string[] } | undefined;
  /** Numbers, with NaN where the value is missing; or codes of ids, with those of unknown and missing values. */
  readonly type: 'numbers' | 'ids';
  /** Whether numbers are in the unit of the rows, so that their mean says something. */
  readonly hasUnit: boolean;
  /** Whether a value can be unseen: a hashed id has a code, whatever its text. */
  readonly hasUnseen: boolean;
  /** Passes on the values of the rows. A list without entries is one missing value. */
  each(rows: R, use: (value: number) => void): void;
}

/** A feature of one number is read in its unit, in 32 bits as Parquet has it. Other numbers are those of `decodeFeatures`: `x[0]`, `x[1]`. */
export function featureColumns(schema: Pick<Schema, 'features'>): WatchedColumn<WatchedRows>[] {
  const layout = layoutOf(schema);
  return layout.places.flatMap((place) => {
    const { name, form, feature, column, width } = place;
    const hasUnseen = !place.table || place.table.codes.known !== undefined;
    if (form.type === 'ids') return { ...watched('ids', name, false, entriesOf(place, layout)), hasUnseen };
    if (form.type === 'entry-numbers') return watched('numbers', name, false, entriesOf(place, layout));
    if (form.type === 'id') {
      const ofRow: EachOfRow = ({ batch }, row, use) => use(idAt(batch.ids, layout.fields, place, row));
      return { ...watched('ids', name, false, ofRow), hasUnseen };
    }
    if (form.scale || featureKind(feature.kind).cell === 'number')
      return watched('numbers', name, true, (_, row, use, raw) => use(Math.fround(numberOf(raw?.(row), name))));
    const { parts } = feature as { readonly kind: string; readonly parts: readonly string[] };
    const dateNumbers = feature.kind === 'date' ? parts.flatMap(numbersOf) : [];
    return Array.from({ length: width }, (_, i) => {
      const ofRow: EachOfRow = ({ batch }, row, use, raw) =>
        use(raw && textOf(raw(row)) === '' ? NaN : batch.numeric[row * layout.numeric + column + i]!);
      const { part, number } = dateNumbers[i] ?? {};
      const own = part === undefined ? `${name}[${i}]` : `${name} (${number})`;
      const date = part === undefined ? undefined : { part, parts };
      return { ...watched('numbers', width === 1 ? name : own, false, ofRow, name), date };
    });
  });
}

/** The numbers of a part of a date. The trend is the time since the mean day of the training. */
const numbersOf = (part: string) =>
  (part === 'trend' ? [part] : [`sine of the ${part}`, `cosine of the ${part}`]).map((number) => ({ part, number }));

type EachOfRow = (
  rows: WatchedRows,
  row: number,
  use: (value: number) => void,
  raw: ((row: number) => unknown) | undefined,
) => void;

const watched = (
  type: WatchedColumn<WatchedRows>['type'],
  name: string,
  hasUnit: boolean,
  ofRow: EachOfRow,
  of = name,
): WatchedColumn<WatchedRows> => ({
  ...{ name, of, type, hasUnit, hasUnseen: true },
  each(rows, use) {
    const raw = rows.raw(of);
    for (let row = 0; row < rows.batch.size; row++) ofRow(rows, row, use, raw);
  },
});

const idAt = (part: Int32Array, columns: number, { column, offset }: FeaturePosition, row: number, slot = 0): number =>
  part[row * columns + column + slot]! - offset;

/** The entries of a list that count: those with a weight. A side column has the weights of its sequence. */
function entriesOf(place: FeaturePosition, layout: Layout): EachOfRow {
  const owner = layout.places.find(({ name }) => name === place.sequence) ?? place;
  return ({ batch }, row, use) => {
    const from = row * layout.slots + owner.column;
    let some = false;
    for (let slot = 0; slot < owner.width; slot++) {
      if (batch.bagWeights[from + slot] === 0) continue;
      some = true;
      if (place.part === 'bagIds') use(idAt(batch.bagIds, layout.slots, place, row, slot));
      else use(batch.bagNumbers[row * layout.numberSlots + place.column + slot]!);
    }
    if (!some) use(place.part === 'bagIds' ? MISSING : NaN);
  };
}

/** Probabilities that are nearer to one another are equal: engines round the least ones very differently. */
const LEAST = 1e-6;

export const predictionColumns = (tasks: Tasks): WatchedColumn<Predictions>[] =>
  Object.entries(tasks).flatMap(([task, declared]) => {
    const { isProbability } = predictionTypeOf(declared);
    const names = predictedColumns(declared, task);
    return names.map((name, at): WatchedColumn<Predictions> => ({
      ...{ name, of: task, type: 'numbers', hasUnit: true, hasUnseen: true },
      each(predictions, use) {
        const values = predictions[task]!;
        for (let i = at; i < values.length; i += names.length)
          use(isProbability ? Math.round(values[i]! / LEAST) * LEAST : values[i]!);
      },
    }));
  });

/** The raw values of a table, as {@link WatchedRows} has them. */
export const rawValues =
  (table: Table): WatchedRows['raw'] =>
  (feature) => {
    const [need, ...more] = featureNeeds(feature, table.features[feature]!);
    if (!need || more.length > 0 || need.kind === 'vectors' || need.kind === 'lists') return undefined;
    return valueReader(table, need);
  };
