import { fail, type Batch, type Examples, type Row } from '@polytask/core';

/** Rows of any kind as encoded batches. */
export interface Readable {
  readonly size: number;
  /** A batch with the rows from one number up to another; `at` is the place of the first of them in it. */
  slice(from: number, to: number): { readonly batch: Batch; readonly at: number };
}

/** @throws PolytaskError when it is given something else */
export function readable(rows: readonly Row[] | Examples | Batch, encode: (rows: readonly Row[]) => Batch): Readable {
  if (Array.isArray(rows)) {
    const list = rows as readonly Row[];
    return { size: list.length, slice: (from, to) => ({ batch: encode(list.slice(from, to)), at: 0 }) };
  }
  const encoded = rows as Examples | Batch | null | undefined;
  if (typeof encoded !== 'object' || encoded === null || !Number.isInteger(encoded.size)) {
    return fail({
      expected: 'a list of rows, an encoded table or a batch to predict',
      received: encoded === null ? 'null' : typeof encoded,
      mend: 'Pass predict([{ age: 41, … }]).',
    });
  }
  if ('batch' in encoded) {
    const numbers = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
    return { size: encoded.size, slice: (from, to) => ({ batch: encoded.batch(numbers(from, to)), at: 0 }) };
  }
  return { size: encoded.size, slice: (from) => ({ batch: encoded, at: from }) };
}
