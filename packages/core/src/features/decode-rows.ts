import type { Batch } from './batch.ts';
import { composedCode, isComposed, MISSING, UNKNOWN } from './codes.ts';
import { BATCH_PARTS, type FeaturePosition, type IndexPart, type Layout, layoutOf } from './layout.ts';
import { unscaled } from './scale.ts';
import type { Schema } from './schema.ts';

/** A column of decoded rows. A vector has several columns, each other feature has one. */
export interface FeatureColumn {
  readonly name: string;
  readonly kind: 'number' | 'text';
  /** One number or text for each row, as `kind` says; null where the value is missing. */
  readonly values: (number | string | null)[];
}

/** The text of a value that is in no vocabulary. It is in none itself, so that it is encoded as it was. */
const OTHER = '(other)';

/**
 * Decodes the features of encoded rows: the inverse of {@link rowEncoder}, up to what an encoding forgets. Values outside a vocabulary
 * are `(other)`, hashed values are the numbers of their buckets, and a missing number without an indicator is the mean.
 *
 * | form of the feature | columns |
 * |---|---|
 * | one standardized number | a number, to the precision of 32 bits |
 * | other numbers `x` | numbers `x[0]`, `x[1]`, … |
 * | one id | a text |
 * | a list | a text: the entries with the feature's separator |
 *
 * @example decodeFeatures(rowEncoder(schema)([{ age: 41 }]), schema) // [{ name: 'age', kind: 'number', values: [41] }]
 */
export function decodeFeatures(batch: Batch, schema: Pick<Schema, 'features'>): FeatureColumn[] {
  const layout = layoutOf(schema);
  return layout.places.flatMap((place) => columnsOf(place, layout, batch));
}

function columnsOf(place: FeaturePosition, layout: Layout, batch: Batch): FeatureColumn[] {
  const { name, form, column, width } = place;
  const perRow = <V>(value: (row: number) => V) => Array.from({ length: batch.size }, (_, row) => value(row));
  const perEntry = <V>(list: FeaturePosition, separator: string, value: (row: number, slot: number) => V | null) =>
    perRow((row) =>
      Array.from({ length: lengthOf(list, layout, batch, row) }, (_, slot) => value(row, slot) ?? '').join(separator),
    );
  switch (form.type) {
    case 'numbers': {
      const { scale } = form;
      const at = (row: number, i: number) => batch.numeric[row * layout.numeric + column + i]!;
      if (!scale) {
        return Array.from({ length: width }, (_, i) => ({
          name: `${name}[${i}]`,
          kind: 'number',
          values: perRow((row) => at(row, i)),
        }));
      }
      const values = perRow((row) => (scale.indicator && at(row, 1) === 1 ? null : unscaled(scale, at(row, 0))));
      return [{ name, kind: 'number', values }];
    }
    case 'id':
      return [{ name, kind: 'text', values: perRow((row) => textAt(place, layout, batch, row)) }];
    case 'ids': {
      const values = perEntry(place, form.separator, (row, slot) => textAt(place, layout, batch, row, slot));
      return [{ name, kind: 'text', values }];
    }
    case 'entry-numbers': {
      const sequence = layout.places.find((each) => each.name === form.of)!;
      const values = perEntry(sequence, form.separator, (row, slot) =>
        unscaled(form.scale, batch.bagNumbers[row * layout.numberSlots + column + slot]!),
      );
      return [{ name, kind: 'text', values }];
    }
  }
}

/** The number of entries of a list: up to its last slot with a weight. */
function lengthOf({ column, width }: FeaturePosition, layout: Layout, { bagWeights }: Batch, row: number): number {
  const from = row * layout.slots + column;
  return bagWeights.subarray(from, from + width).findLastIndex((weight) => weight !== 0) + 1;
}

/** The text of one id of a feature. @param slot the place in a list */
function textAt(place: FeaturePosition, layout: Layout, batch: Batch, row: number, slot = 0): string | null {
  const { part, column, offset, table, quotientColumn = 0 } = place;
  const { codes } = table!;
  const id = batch[part as IndexPart][row * BATCH_PARTS[part].width(layout) + column + slot]! - offset;
  const code = isComposed(codes)
    ? composedCode(codes, [id, batch.quotientIds[row * layout.quotients + quotientColumn + slot]! - offset])
    : id;
  if (code === MISSING) return null;
  return code === UNKNOWN ? OTHER : codes.textOf(code);
}
