import type { Batch } from './batch.ts';
import { composedCode, FIRST_CODE, isComposed, MISSING, UNKNOWN } from './codes.ts';
import { BATCH_PARTS, type FeaturePlace, type IndexPart, type Layout, layoutOf } from './layout.ts';
import type { NumericFeature, Schema } from './schema.ts';

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
 * | feature | columns |
 * |---|---|
 * | numeric | a number, to the precision of 32 bits |
 * | vector `x` | numbers `x[0]`, `x[1]`, … |
 * | categorical, hashed, shared | a text |
 * | multi-valued, id-sequence, side-column | a text: the entries with the feature's separator |
 *
 * @example decodeFeatures(rowEncoder(schema)([{ age: 41 }]), schema) // [{ name: 'age', kind: 'number', values: [41] }]
 */
export function decodeFeatures(batch: Batch, schema: Pick<Schema, 'features'>): FeatureColumn[] {
  const layout = layoutOf(schema);
  return layout.places.flatMap((place) => columnsOf(place, layout, batch));
}

function columnsOf(place: FeaturePlace, layout: Layout, batch: Batch): FeatureColumn[] {
  const { name, feature, column, width } = place;
  const perRow = <V>(value: (row: number) => V) => Array.from({ length: batch.size }, (_, row) => value(row));
  switch (feature.kind) {
    case 'numeric': {
      const at = (row: number, i = 0) => batch.numeric[row * layout.numeric + column + i]!;
      const values = perRow((row) => (feature.indicator && at(row, 1) === 1 ? null : numberOf(feature, at(row))));
      return [{ name, kind: 'number', values }];
    }
    case 'vector':
      return Array.from({ length: width }, (_, i) => ({
        name: `${name}[${i}]`,
        kind: 'number',
        values: perRow((row) => batch.numeric[row * layout.numeric + column + i]!),
      }));
    case 'categorical':
    case 'hashed':
    case 'shared':
      return [{ name, kind: 'text', values: perRow((row) => textAt(place, layout, batch, row)) }];
    case 'multi-valued':
    case 'id-sequence':
    case 'side-column': {
      const ids = (row: number) =>
        entries(lengthOf(place, layout, batch, row), (i) => textAt(place, layout, batch, row, i));
      const numbers = (row: number) => {
        const sequence = layout.places.find((each) => feature.kind === 'side-column' && each.name === feature.of)!;
        return entries(lengthOf(sequence, layout, batch, row), (i) =>
          numberOf(feature.values as NumericFeature, batch.bagNumbers[row * layout.numberSlots + column + i]!),
        );
      };
      const list = feature.values.kind === 'numeric' ? numbers : ids;
      return [
        {
          name,
          kind: 'text',
          values: perRow((row) =>
            list(row)
              .map((each) => each ?? '')
              .join(feature.separator),
          ),
        },
      ];
    }
  }
}

const entries = <V>(length: number, value: (i: number) => V): V[] => Array.from({ length }, (_, i) => value(i));

/** The number of entries of a list: up to its last slot with a weight. */
function lengthOf({ column, width }: FeaturePlace, layout: Layout, { bagWeights }: Batch, row: number): number {
  const from = row * layout.slots + column;
  return bagWeights.subarray(from, from + width).findLastIndex((weight) => weight !== 0) + 1;
}

/** The number of a standardized value. */
function numberOf({ mean, deviation, log }: NumericFeature, standardized: number): number {
  const value = standardized * deviation + mean;
  return log ? Math.sign(value) * Math.expm1(Math.abs(value)) : value;
}

/** The text of one id of a feature. @param slot the place in a list */
function textAt(place: FeaturePlace, layout: Layout, batch: Batch, row: number, slot = 0): string | null {
  const { part, column, offset, table, quotientColumn = 0 } = place;
  const { values } = table!;
  const id = batch[part as IndexPart][row * BATCH_PARTS[part].width(layout) + column + slot]! - offset;
  const code = isComposed(values)
    ? composedCode(values, [id, batch.quotientIds[row * layout.quotients + quotientColumn + slot]! - offset])
    : id;
  if (code === MISSING) return null;
  if (code === UNKNOWN) return OTHER;
  return values.kind === 'hashed' ? String(code - FIRST_CODE) : values.vocabulary[code - FIRST_CODE]!;
}
