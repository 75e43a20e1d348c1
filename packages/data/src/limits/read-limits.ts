import { checks, fail, type Options } from '@polytask/core';

/**
 * The most that a read into memory may take. A file of some kilobytes can be unpacked into millions of rows: a limit stops the read
 * with an error before the memory is full.
 */
export interface ReadLimits {
  /** Rows. Default 10 million. */
  readonly rows?: number | undefined;
  /** Cells of the columns that are read: rows × columns. Default 500 million. */
  readonly cells?: number | undefined;
  /** Bytes of text after unpacking; characters of JSON lines, and of encodings other than UTF-8. Default 4 GiB. */
  readonly bytes?: number | undefined;
}

type Unit = keyof ReadLimits;

const DEFAULTS: Readonly<Record<Unit, number>> = { rows: 1e7, cells: 5e8, bytes: 2 ** 32 };

const { optional, shaped, wholeNumber } = checks;
const count = optional(wholeNumber(1));
const LIMITS: Options<ReadLimits> = { rows: count, cells: count, bytes: count };

/** The option of a read into memory. */
export interface LimitOption {
  /** The most rows, cells and bytes. */
  readonly limits?: ReadLimits | undefined;
}

export const LIMIT_OPTION: Options<LimitOption> = { limits: optional(shaped(LIMITS)) };

/** Counts what is read, over one file or several. */
export interface ReadBudget {
  /** @throws PolytaskError past the limit of `bytes` @param source the name of the file, for the message */
  spendText(bytes: number, source: string): void;
  /** @throws PolytaskError past the limit of `rows` or `cells` @param columns the columns that are read */
  spendRows(rows: number, columns: number, source: string): void;
}

/** Makes a budget of which nothing is spent. */
export function readBudget(limits: ReadLimits = {}): ReadBudget {
  const spent: Record<Unit, number> = { rows: 0, cells: 0, bytes: 0 };
  const spend = (unit: Unit, amount: number, source: string): void => {
    const most = limits[unit] ?? DEFAULTS[unit];
    spent[unit] += amount;
    if (spent[unit] > most) pastLimit(unit, most, source);
  };
  return {
    spendText: (bytes, source) => spend('bytes', bytes, source),
    spendRows(rows, columns, source) {
      spend('rows', rows, source);
      spend('cells', rows * columns, source);
    },
  };
}

function pastLimit(unit: Unit, most: number, source: string): never {
  return fail({
    expected: `at most ${most.toLocaleString('en')} ${unit} up to the end of ${source}`,
    received: 'more',
    fix:
      `If you trust the file, raise the limit: limits: { ${unit}: ${10 * most} }, or --max-${unit} ${10 * most} for the command. ` +
      'csvStream and parquetStream read files that are larger than memory.',
  });
}

/** The budget of a stream: only a part of its rows is in memory. */
export const UNLIMITED: ReadBudget = { spendText: () => undefined, spendRows: () => undefined };
