import { addTo, fail, memoized, ranked } from '@polytask/components';
import { checkColumns, type Column, type Columns, isMissing, type CheckedColumn } from '../columns.ts';
import { binCount, MAX_BIN } from '../options.ts';

/** Bins of numbers. A value is in the first bin whose threshold isn't below it, or in the last bin, which has no threshold. */
export interface NumericBins {
  readonly name: string;
  /** Ascending. One fewer than bins. */
  readonly thresholds: Float64Array;
}

/** Bins of categories: one for each category. Any other category counts as missing. */
export interface CategoryBins {
  readonly name: string;
  readonly categories: readonly (number | string)[];
}

/** How many values of a column are next to each other: see {@link BinnedColumns.table}. */
export const TILE = 8;

/** Where a row begins in {@link BinnedColumns.table}. */
export const firstCell = (row: number, columns: number): number => (row & -TILE) * columns + (row & (TILE - 1));

const cellsOf = (rows: number, columns: number) => Math.ceil(rows / TILE) * TILE * columns;

/** The bytes of a page of WebAssembly memory. */
const PAGE = 65_536;

/** The bins of a column. Missing values have a bin of their own, after all others. */
export type Bins = NumericBins | CategoryBins;

/** The number of bins of values, which is the index of the bin for missing values. */
export const missingBin = (bins: Bins): number =>
  'thresholds' in bins ? bins.thresholds.length + 1 : bins.categories.length;

/** @throws PolytaskError when the column has texts and its bins don't, or the other way round */
function applyBins(bins: Bins, column: CheckedColumn, rows: number): Uint8Array {
  const missing = missingBin(bins);
  const into = new Uint8Array(rows);
  if ('thresholds' in bins) {
    if (!('numbers' in column)) return refuse(column, 'numbers');
    const { thresholds } = bins;
    const { numbers } = column;
    for (let row = 0; row < rows; row++) {
      const value = numbers[row];
      into[row] = isMissing(value) ? missing : binOf(thresholds, value);
    }
    return into;
  }
  const texts = typeof bins.categories[0] === 'string';
  if (!('categories' in column) || (bins.categories.length > 0 && column.texts !== texts))
    return refuse(column, texts ? 'texts' : 'codes');
  const places = placesOf(bins);
  const { categories } = column;
  for (let row = 0; row < rows; row++) into[row] = places.get(categories[row]) ?? missing;
  return into;
}

const refuse = ({ name, ...column }: CheckedColumn, expected: string): never => {
  const received = 'numbers' in column ? 'numbers' : column.texts ? 'texts' : 'codes';
  return fail({
    expected: `${expected} for column "${name}"`,
    received,
    fix: 'Pass the types of the rows that the model was trained with.',
  });
};

function binOf(thresholds: Float64Array, value: number): number {
  let low = 0;
  for (let high = thresholds.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const placesOf = memoized(
  ({ categories }: CategoryBins) => new Map<unknown, number>(categories.map((category, bin) => [category, bin])),
);

/**
 * The columns of a table by bins. Models of several labels of one table can share them: each value is binned once, and the trees of all
 * models name the same bins.
 */
export class BinnedColumns {
  #memory: WebAssembly.Memory | undefined;

  private constructor(
    /** The bins of each column, in the order of the columns. */
    readonly bins: readonly Bins[],
    readonly rows: number,
    private cells: Uint8Array,
  ) {}

  /**
   * @internal The bin of each value: [rows / 8][columns][8]. Both the values of a row and those of a column are near each other: histograms
   * read rows, and splits read a column. The bin of a row in column c is at {@link firstCell} + 8 c.
   */
  get table(): Uint8Array {
    return this.#memory ? new Uint8Array(this.#memory.buffer, 0, cellsOf(this.rows, this.bins.length)) : this.cells;
  }

  /**
   * @internal Moves the table to the start of a WebAssembly memory of at least so many bytes. Views of the memory that are made before a later
   * call are detached by it.
   *
   * @throws RangeError for more bytes than there are, and without WebAssembly
   */
  inMemory(bytes: number): WebAssembly.Memory {
    const pages = Math.ceil(bytes / PAGE);
    this.#memory ??= this.#moved(pages);
    const more = pages - this.#memory.buffer.byteLength / PAGE;
    if (more > 0) this.#memory.grow(more);
    return this.#memory;
  }

  #moved(pages: number): WebAssembly.Memory {
    const memory = new WebAssembly.Memory({ initial: pages });
    new Uint8Array(memory.buffer).set(this.cells);
    this.cells = new Uint8Array();
    return memory;
  }

  /**
   * Chooses the bins of each column from its values.
   *
   * @param columns by their names. A column is read once, so that an iterable can make one at a time
   * @param options `maxBin`: the most bins of a column, as {@link boost} has it
   * @throws PolytaskError when there is no column or no row, when lengths differ, or for a value that fits no column
   * @example
   * const binned = BinnedColumns.of({ age: [20, 30, 40, 50] });
   * boost({ objective: 'binary', columns: binned, labels: [0, 0, 1, 1], minDataInLeaf: 1 });
   */
  static of(
    columns: Columns | Iterable<readonly [string, Column]>,
    { maxBin = MAX_BIN }: { readonly maxBin?: number } = {},
  ): BinnedColumns {
    binCount.read(maxBin, 'maxBin');
    const bins: Bins[] = [];
    const binned: Uint8Array[] = [];
    const entries =
      Symbol.iterator in columns ? (columns as Iterable<readonly [string, Column]>) : Object.entries(columns);
    for (const entry of entries) {
      const before = bins[0] && { name: bins[0].name, rows: binned[0]!.length };
      const { columns: checked, rows } = checkColumns([entry], before);
      bins.push(fitBins(checked[0]!, maxBin));
      binned.push(applyBins(bins.at(-1)!, checked[0]!, rows));
    }
    if (bins.length === 0) checkColumns([]);
    return BinnedColumns.#tiled(bins, binned);
  }

  /**
   * Bins the columns of other rows with these bins. Columns that have no bins are ignored.
   *
   * @param columns the columns by their names; or columns that were binned with these bins
   * @throws PolytaskError when a column is missing, or its values have another type
   */
  static with(bins: readonly Bins[], columns: Columns | BinnedColumns): BinnedColumns {
    if (!(columns instanceof BinnedColumns)) {
      const table = checkColumns(bins.map(({ name }) => [name, columns[name]!]));
      return BinnedColumns.#tiled(
        bins,
        table.columns.map((column, c) => applyBins(bins[c]!, column, table.rows)),
      );
    }
    if (columns.bins === bins) return columns;
    return fail({
      expected: 'columns with the bins of the training rows',
      received: 'other bins',
      fix: 'Pass binned.like(columns), of the BinnedColumns of the training rows.',
    });
  }

  /**
   * Bins the columns of further rows with the bins of a model, whose training goes on with them (`initModel` of {@link boost}).
   * Categories without a bin get one, the most frequent first. Thresholds of numbers stay.
   *
   * @throws PolytaskError as {@link BinnedColumns.with}
   * @example
   * const model = boost({ objective: 'regression', columns: { state: ['Utah', 'Ohio'] }, labels: [1, 2], minDataInLeaf: 1 });
   * BinnedColumns.growing(model, { state: ['Ohio', 'Iowa'] }).bins; // [{ name: 'state', categories: ['Ohio', 'Utah', 'Iowa'] }]
   */
  static growing(
    { bins }: { readonly bins: readonly Bins[] },
    columns: Columns,
    { maxBin = MAX_BIN }: { readonly maxBin?: number } = {},
  ): BinnedColumns {
    const { columns: checked } = checkColumns(bins.map(({ name }) => [name, columns[name]!]));
    return BinnedColumns.with(
      bins.map((own, c) => grownBins(own, checked[c]!, maxBin)),
      columns,
    );
  }

  /** Bins the columns of other rows, such as validation rows, with the same bins. @throws PolytaskError as {@link BinnedColumns.with} */
  like(columns: Columns): BinnedColumns {
    return BinnedColumns.with(this.bins, columns);
  }

  /** Copies these rows, in this order, such as those with a label. */
  select(rows: Uint32Array): BinnedColumns {
    const [{ table }, width] = [this, this.bins.length];
    const cells = new Uint8Array(cellsOf(rows.length, width));
    rows.forEach((row, i) => {
      const [from, to] = [firstCell(row, width), firstCell(i, width)];
      for (let c = 0; c < width; c++) cells[to + c * TILE] = table[from + c * TILE]!;
    });
    return new BinnedColumns(this.bins, rows.length, cells);
  }

  /** The bin of missing and unknown values of a column, which comes after all others. @param column its place */
  missingBin(column: number): number {
    return missingBin(this.bins[column]!);
  }

  static #tiled(bins: readonly Bins[], columns: readonly Uint8Array[]): BinnedColumns {
    const [width, rows] = [columns.length, columns[0]!.length];
    const cells = new Uint8Array(cellsOf(rows, width));
    for (let first = 0; first < rows; first += TILE)
      columns.forEach((column, c) => cells.set(column.subarray(first, first + TILE), first * width + c * TILE));
    return new BinnedColumns(bins, rows, cells);
  }
}

/** From how many rows quantiles are taken, as in LightGBM and scikit-learn. */
const SAMPLE = 200_000;

/** One bin for each of at most `maxBin` distinct numbers, or bins of about equally many rows, or the `maxBin` most frequent categories. */
export const fitBins = (column: CheckedColumn, maxBin: number): Bins =>
  'numbers' in column
    ? { name: column.name, thresholds: thresholdsOf(sortedSample(column.numbers), maxBin) }
    : { name: column.name, categories: frequentOf(column.categories, maxBin) };

/** The values that aren't missing, ascending. Of a long column, one value from each of as many stretches of rows. */
function sortedSample(numbers: ArrayLike<number | null>): Float64Array {
  const rows = Math.min(numbers.length, SAMPLE);
  const sample = new Float64Array(rows);
  let count = 0;
  for (let i = 0, random = 1; i < rows; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0; // breaks periods of the table; the same for every table
    const share = rows === numbers.length ? 0 : random / 2 ** 32;
    const value = numbers[Math.floor(((i + share) * numbers.length) / rows)];
    if (!isMissing(value)) sample[count++] = value;
  }
  return sample.subarray(0, count).sort();
}

function thresholdsOf(sorted: Float64Array, maxBin: number): Float64Array {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const thresholds: number[] = [];
  if (distinct.length <= maxBin) {
    for (let i = 1; i < distinct.length; i++) thresholds.push(between(distinct[i - 1]!, distinct[i]!));
  } else {
    for (let i = 1, next = 0; i < maxBin; i++) {
      const place = (i * (sorted.length - 1)) / maxBin;
      const low = sorted[Math.floor(place)]!;
      while (next < distinct.length && distinct[next]! <= low) next++;
      if (next === distinct.length) break; // all values from here on are the same
      // Between two values, so that rounding the values elsewhere doesn't move them to another bin.
      const threshold = between(low, distinct[next]!);
      if (threshold !== thresholds.at(-1)) thresholds.push(threshold);
    }
  }
  return Float64Array.from(thresholds);
}

/** A finite number from `low` on and below `high`, if they differ. Half is taken first, because a sum could be infinite. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  const inside = middle >= low && middle < high ? middle : low;
  return Math.min(Math.max(inside, -Number.MAX_VALUE), Number.MAX_VALUE);
}

function frequentOf(values: ArrayLike<number | string | null>, maxBin: number): (number | string)[] {
  const counts = new Map<number | string, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (!isMissing(value) && !(typeof value === 'number' && value < 0)) addTo(counts, value);
  }
  const frequent = ranked(counts).slice(0, maxBin);
  return frequent.map(([value]) => value).sort((a, b) => (a < b ? -1 : 1));
}

/** The bins, with those of further categories at the end, the most frequent ones of these rows. Thresholds stay. */
function grownBins(bins: Bins, column: CheckedColumn, maxBin: number): Bins {
  if (!('categories' in bins) || !('categories' in column)) return bins;
  const known = new Set<unknown>(bins.categories);
  const others = Array.from(column.categories, (each) => (known.has(each) ? null : each)) as (string | null)[];
  const further = fitBins({ ...column, categories: others }, Math.max(0, maxBin - known.size)) as typeof bins;
  return further.categories.length === 0 ? bins : { ...bins, categories: [...bins.categories, ...further.categories] };
}
