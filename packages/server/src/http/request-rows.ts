import type { Batch, Row, RowEncoder, RowFault } from '@polytask/core';
import { BadRows, HttpError, MAX_FAULTS } from './http-error.ts';

/**
 * The rows of a request's body: an array, or `{ "rows": [...] }`.
 *
 * @throws HttpError for another body (400), and for more than `maxRows` rows (413)
 */
export function requestRows(body: unknown, maxRows: number): readonly Row[] {
  const rows = Array.isArray(body) ? (body as unknown) : rowsKey(body);
  if (!Array.isArray(rows)) {
    throw new HttpError(400, 'Expected an array of rows, or {"rows": [...]}. Send one row as [{...}].');
  }
  if (rows.length <= maxRows) return rows as readonly Row[];
  throw new HttpError(413, `Expected at most ${maxRows} rows, received ${rows.length}. Divide them among requests.`);
}

function rowsKey(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return undefined;
  const other = Object.keys(body).find((key) => key !== 'rows');
  if (other === undefined) return (body as { rows?: unknown }).rows;
  throw new HttpError(400, `Expected {"rows": [...]}, received the key "${other}". Send one row as [{...}].`);
}

/**
 * Encodes rows, and collects their faults.
 *
 * @throws BadRows with all faults, or the first {@link MAX_FAULTS}
 */
export function encodeRows(encode: RowEncoder, rows: readonly Row[]): Batch {
  const faults: RowFault[] = [];
  const batch = encode(rows, (fault) => {
    faults.push(fault);
    if (faults.length === MAX_FAULTS) throw new BadRows(faults);
  });
  if (faults.length > 0) throw new BadRows(faults);
  return batch;
}
