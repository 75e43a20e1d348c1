import { fail, optional, shaped, wholeNumber, type FromDescription, type Written } from '@polytask/components';

const limits = {
  /** Rows. */
  rows: optional(wholeNumber(1), 1e7),
  /** Cells of the columns that are read: rows × columns. */
  cells: optional(wholeNumber(1), 5e8),
  /** Bytes of text, or of the columns of a Parquet file, after unpacking; characters of JSON lines, and of encodings other than UTF-8. */
  bytes: optional(wholeNumber(1), 2 ** 32),
};

/**
 * The most that a read into memory may take. A file of some kilobytes can be unpacked into millions of rows: a limit stops the read
 * with an error before the memory is full.
 */
export interface ReadLimits extends Written<typeof limits>, FromDescription {}

export const limitOption = {
  /** The most rows, cells and bytes. */
  limits: optional(shaped(limits)),
};

export interface LimitOption extends Written<typeof limitOption>, FromDescription {}

/** Counts what is read, over one file or several. */
export interface ReadBudget {
  /** @throws PolytaskError past the limit of `bytes` @param source the name of the file, for the message */
  spendText(bytes: number, source: string): void;
  /** @throws PolytaskError past the limit of `rows` or `cells` @param columns the columns that are read */
  spendRows(rows: number, columns: number, source: string): void;
}

export function readBudget(given: ReadLimits = {}): ReadBudget {
  const most = shaped(limits).read(given, 'limits');
  const spent = { rows: 0, cells: 0, bytes: 0 };
  const spend = (unit: keyof ReadLimits, amount: number, source: string): void => {
    spent[unit] += amount;
    if (spent[unit] <= most[unit]) return;
    fail({
      expected: `at most ${most[unit].toLocaleString('en')} ${unit} up to the end of ${source}`,
      received: 'more',
      fix:
        `If you trust the file, raise the limit: limits: { ${unit}: ${10 * most[unit]} }, or --max-${unit} ${10 * most[unit]} ` +
        'for the command. csvStream and parquetStream read files that are larger than memory.',
    });
  };
  return {
    spendText: (bytes, source) => spend('bytes', bytes, source),
    spendRows(rows, columns, source) {
      spend('rows', rows, source);
      spend('cells', rows * columns, source);
    },
  };
}

/** The budget of a stream: only a part of its rows is in memory. */
export const UNLIMITED: ReadBudget = { spendText: () => undefined, spendRows: () => undefined };
