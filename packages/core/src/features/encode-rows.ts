import { fail, suggestion } from '../errors/errors.ts';
import { emptyBatch, type Batch } from './batch.ts';
import { valueEncoder } from './encode-value.ts';
import { layoutOf } from './layout.ts';
import type { Row, Schema } from './schema.ts';

/** Encodes rows for prediction, just as the training table was. Make it once for a schema. */
export function rowEncoder(schema: Pick<Schema, 'features'>): (rows: readonly Row[]) => Batch {
  const layout = layoutOf(schema);
  const encoders = layout.places.map((place) => ({ name: place.name, encode: valueEncoder(place, layout) }));
  return (rows) => {
    const batch = emptyBatch(rows.length, layout);
    rows.forEach((row, r) => {
      for (const { name, encode } of encoders) {
        if (!(name in row)) absent(name, row, r);
        try {
          encode(row[name], batch, r);
        } catch (error) {
          throw error instanceof Error ? Object.assign(error, { message: `Row ${r}: ${error.message}` }) : error;
        }
      }
    });
    return batch;
  };
}

function absent(name: string, row: Row, index: number): never {
  return fail({
    expected: `a value for feature "${name}" in row ${index}`,
    received: `a row with ${Object.keys(row).length} keys`,
    mend: `${suggestion(name, Object.keys(row))} Pass null where a value is missing.`,
  });
}
