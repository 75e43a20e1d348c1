import { fail, shown } from '@polytask/components';
import { sliceBatch, type Batch, type Examples } from './batch.ts';
import type { Row } from './schema.ts';

/** Rows of any kind, read as encoded batches. */
export interface Readable {
  readonly size: number;
  /** Rows `from` … `to` − 1. */
  slice(from: number, to: number): Batch;
}

/**
 * Reads rows as encoded batches. The rows are a list of objects, a table, or a batch.
 *
 * @param encode encodes rows that are objects
 * @throws PolytaskError when `rows` is anything else
 * @example readable([{ age: 41 }], (rows) => model.encode(rows)).slice(0, 1)
 */
export function readable(rows: readonly Row[] | Examples | Batch, encode: (rows: readonly Row[]) => Batch): Readable {
  if (Array.isArray(rows)) {
    const list = rows as readonly Row[];
    return { size: list.length, slice: (from, to) => encode(list.slice(from, to)) };
  }
  const encoded = rows as Partial<Examples & Batch> | null | undefined;
  if (!isEncoded(encoded)) {
    const one = typeof encoded === 'object' && encoded !== null;
    const other = `${typeof encoded === 'string' ? 'string ' : ''}${shown(encoded)}`;
    return fail({
      expected: 'a list of rows, an encoded table or a batch to predict',
      received: one ? `an object with the keys ${shown(Object.keys(encoded))}` : other,
      fix: one ? 'If it is a row, put it into a list: predict([row]).' : 'Pass predict([{ age: 41, … }]).',
    });
  }
  if ('batch' in encoded) {
    return {
      size: encoded.size,
      slice: (from, to) => encoded.batch(Uint32Array.from({ length: to - from }, (_, i) => from + i)),
    };
  }
  return { size: encoded.size, slice: (from, to) => sliceBatch(encoded, from, to) };
}

const isEncoded = (rows: Partial<Examples & Batch> | null | undefined): rows is Examples | Batch =>
  Number.isInteger(rows?.size) && (typeof rows?.batch === 'function' || ArrayBuffer.isView(rows?.numeric));
