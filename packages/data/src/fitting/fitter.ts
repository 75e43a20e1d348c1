import type { Table } from '../table/table.ts';

/** Takes rows table by table, in constant memory but for what it has to know, and says in the end what they have shown. */
export interface Fitter<R> {
  /** @param rows those of the table that are to be taken */
  add(table: Table, rows: ArrayLike<number>): void;
  finish(): R;
}
