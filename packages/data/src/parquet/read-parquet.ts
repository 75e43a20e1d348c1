import { fail, optional, sum, text, type FromDescription, type Written } from '@polytask/components';
import type { Tasks } from '@polytask/core';
import { type Need, noColumn, noRows, type Texts, valueFor, wrongStored } from '../columns/columns.ts';
import type { SchemaTree, AsyncBuffer, KeyValue } from 'hyparquet';
import { readDeclaration, type Declaration, needsOf } from '../declarations/declaration.ts';
import { limitOption, readBudget, type LimitOption, type ReadBudget } from '../limits/read-limits.ts';
import { type Table, tableBuilder, type Sink } from '../table/table.ts';
import { decoderOf } from '../platform/decoder.ts';
import { damagedFile, nameOf, openHandle, reasonOf } from '../csv/open-source.ts';

/** The source of a Parquet file: a path or `file:` URL (in Node), an `http:` URL that answers ranges, a Blob, or bytes. */
export type ParquetSource = string | URL | Blob | ArrayBuffer | Uint8Array;

/** An opened file: its columns, and the rows of its row groups. */
export interface ParquetFile extends ParquetFooter {
  readonly name: string;
  /** @throws PolytaskError when the rows can't be decoded, or are fewer or more than the footer says */
  readStored(range: ColumnRange): Promise<StoredColumn>;
  /** The same as values, with null where a text is missing. */
  readColumn(range: ColumnRange): Promise<ArrayLike<unknown>>;
  /** Frees what the decoder holds. A later read takes it again. */
  close(): Promise<void>;
}

/**
 * Reads the footer of a file, so that its columns can be read one by one.
 *
 * @param title the name in errors. Default: the path or the address
 * @throws PolytaskError for a file that can't be read
 * @example
 * const file = await openParquet('predictions.parquet');
 * const ids = await file.readColumn({ column: 'row', ...file.ranges[0] });
 * await file.close();
 */
export async function openParquet(source: ParquetSource, title?: string): Promise<ParquetFile> {
  const name = title ?? nameOf(source, 'the bytes');
  const buffer = await bufferOf(source);
  const decoder = parquetDecoder(buffer);
  const asDamage = (error: unknown) =>
    damagedFile('Parquet', name, reasonOf(error), 'Copy it again; a CSV file is read with readCsv.');
  const readStored = async (range: ColumnRange): Promise<StoredColumn> => {
    const column = await decoder.call('readColumn', range).catch(asDamage);
    const { length } = 'codes' in column ? column.codes : column.values;
    const rows = range.rowEnd - range.rowStart;
    return length === rows ? column : asDamage(`column "${range.column}" has ${length} of ${rows} rows`);
  };
  return {
    name,
    ...(await decoder.call('footer').catch(asDamage)),
    readStored,
    readColumn: async (range) => valuesOf(await readStored(range)),
    close: () => decoder.close(),
  };
}

const valuesOf = (column: StoredColumn): ArrayLike<unknown> =>
  'codes' in column ? Array.from(column.codes, (code) => column.dictionary[code] ?? null) : column.values;

async function bufferOf(source: ParquetSource): Promise<AsyncBuffer> {
  if (source instanceof Blob)
    return { byteLength: source.size, slice: (start, end) => source.slice(start, end).arrayBuffer() };
  if (source instanceof ArrayBuffer) return source;
  if (source instanceof Uint8Array) return new Uint8Array(source).buffer;
  const place = String(source);
  if (!/^https?:\/\//.test(place)) return openPath(source);
  const { asyncBufferFromUrl } = await import('hyparquet');
  return asyncBufferFromUrl({ url: place }).catch((error: unknown) =>
    fail({
      expected: `a file at ${place}`,
      received: reasonOf(error),
      fix: 'Look at the address, or download the file and pass its path.',
    }),
  );
}

/** Reads parts of a file. Each part opens and closes the file. */
async function openPath(path: string | URL): Promise<AsyncBuffer> {
  const { handle: first, size } = await openHandle(path);
  await first.close();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      const { handle } = await openHandle(path);
      try {
        await handle.read(bytes, 0, bytes.length, start);
      } finally {
        await handle.close();
      }
      return bytes.buffer;
    },
  };
}

/** The rows from `rowStart` up to `rowEnd`, exclusive. */
export interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

interface ColumnRange extends RowRange {
  readonly column: string;
}

/** The footer of a file: its columns, the rows of its row groups, and the texts that its writer added. */
interface ParquetFooter {
  readonly columns: readonly SchemaTree[];
  /** The bytes of each column in each row group after unpacking. */
  readonly sizes: readonly (readonly [column: string | undefined, bytes: number])[];
  readonly ranges: readonly RowRange[];
  readonly keyValues: readonly KeyValue[];
}

/** The values of some rows of a column. Texts have codes, −1 where they are missing: so they take less time from thread to thread. */
type StoredColumn = Texts | { readonly values: ArrayLike<unknown> };

const parquetDecoder = decoderOf({
  packages: ['hyparquet', 'hyparquet-compressors'],
  load: () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]),
  open: async (file, [{ parquetScan, parquetSchema }, { compressors }]) => {
    const { metadata, ranges, readColumn } = await parquetScan({ file, compressors });
    const { children: columns } = parquetSchema(metadata);
    const chunks = metadata.row_groups.flatMap((group) => group.columns.map(({ meta_data: chunk }) => chunk));
    const sizes = chunks.map((chunk) => [chunk?.path_in_schema[0], Number(chunk?.total_uncompressed_size)] as const);
    const footer: ParquetFooter = { columns, sizes, ranges, keyValues: metadata.key_value_metadata ?? [] };
    return {
      footer() {
        return footer;
      },
      async readColumn(range: ColumnRange) {
        const values = await readColumn(range);
        const codes = new Int32Array(values.length);
        const codeOf = new Map<unknown, number>([
          [null, -1],
          [undefined, -1],
        ]);
        const dictionary: string[] = [];
        for (let row = 0; row < values.length; row++) {
          const value: unknown = values[row];
          let code = codeOf.get(value);
          if (code === undefined) {
            if (typeof value !== 'string') return { values };
            code = dictionary.push(value) - 1;
            codeOf.set(value, code);
          }
          codes[row] = code;
        }
        return { codes, dictionary, transfer: [codes.buffer] };
      },
    };
  },
});

export const parquetOptions = {
  /** The name of the source in messages. Default: its path or URL. */
  name: optional(text),
};

export interface ParquetOptions extends Written<typeof parquetOptions>, FromDescription {}

/**
 * Reads the columns of a Parquet file that a declaration names, and no others. Pages are plain, snappy, gzip, zstd, brotli or
 * LZ4. null is a missing value. In a column of numbers, 64-bit integers and dates (milliseconds since 1970) are numbers;
 * elsewhere they are texts (digits, ISO 8601). A list column is for `multiLabel`, `multiValued`, `idSequence`, `sideColumn` or
 * `vector`.
 *
 * @throws PolytaskError for an unknown option, and for a damaged or empty file. With file, row and column: for a missing or
 * nested column, and in a column of numbers for another value, or a 64-bit integer that a double can't hold
 * @example
 * const table = await readParquet('people.parquet', {
 *   features: { age: numeric(), occupation: categorical() },
 *   tasks: { income: binary() },
 * });
 */
export async function readParquet<T extends Tasks, F extends string = string>(
  source: ParquetSource,
  options: Declaration<T, F> & ParquetOptions & LimitOption,
): Promise<Table<T, F>> {
  const declared = readDeclaration(options, { ...parquetOptions, ...limitOption }, 'readParquet');
  return readParquetWithin(readBudget(options.limits), source, declared);
}

export async function readParquetWithin<T extends Tasks, F extends string = string>(
  budget: ReadBudget,
  source: ParquetSource,
  options: Declaration<T, F> & ParquetOptions,
): Promise<Table<T, F>> {
  const file = await openParquet(source, options.name);
  try {
    const { name, ranges, sizes } = file;
    if (ranges.length === 0) noRows(name);
    const columns = needsOf(options).map(({ column }) => column);
    budget.spendRows(rowsIn(ranges), columns.length, name);
    budget.spendText(
      sum(sizes, ([column = '', bytes]) => (columns.includes(column) ? bytes : 0)),
      name,
    );
    return await readRows(file, options, ranges);
  } finally {
    await file.close();
  }
}

export const rowsIn = (ranges: readonly RowRange[]): number => sum(ranges, ({ rowStart, rowEnd }) => rowEnd - rowStart);

/** The row groups of a file, in ranges of at most `most` rows. */
export function* rowRanges({ ranges }: ParquetFile, most: number): Generator<RowRange, void, undefined> {
  for (const { rowStart, rowEnd } of ranges) {
    for (let start = rowStart; start < rowEnd; start += most)
      yield { rowStart: start, rowEnd: Math.min(start + most, rowEnd) };
  }
}

export async function readRows<T extends Tasks, F extends string = string>(
  file: ParquetFile,
  declaration: Declaration<T, F>,
  ranges: readonly RowRange[],
): Promise<Table<T, F>> {
  const { sinks, finish } = tableBuilder(declaration);
  for (const { need } of sinks) checkColumn(file, need);
  for (const range of ranges) {
    for (const sink of sinks) await fill(file, sink, range);
  }
  const size = rowsIn(ranges);
  const start = ranges[0]?.rowStart ?? 0;
  return finish(size, (row) => `${file.name}, row ${start + row}`);
}

async function fill(file: ParquetFile, { need, builder }: Sink, range: RowRange): Promise<void> {
  const column = await file.readStored({ column: need.column, ...range });
  if ('codes' in column && need.kind === 'texts') {
    const codes = column.dictionary.map((text) => builder.read(text)!);
    builder.addAll(new Float64Array(column.codes).map((code) => codes[code] ?? -1));
    return;
  }
  const values = valuesOf(column);
  for (let i = 0; i < values.length; i++) {
    const value = valueFor(need, values[i]);
    if (!builder.push(value)) wrongStored(value, builder.expected, need, `${file.name}, row ${range.rowStart + i}`);
  }
}

function checkColumn({ name, columns }: ParquetFile, { column, kind }: Need): void {
  const tree = columns.find(({ element }) => element.name === column);
  if (!tree) {
    const names = columns.map(({ element }) => element.name);
    return noColumn(column, name, names);
  }
  const listed = kind === 'lists' || kind === 'vectors';
  if (isFlat(tree) || (listed && isList(tree))) return;
  fail({
    expected: `a column "${column}" of single values in ${name}`,
    received: isList(tree) ? 'a list in each row' : 'a nested column',
    fix: isList(tree)
      ? 'Declare it multiValued(), idSequence() or vector({ width }), or the task multiLabel().'
      : 'Write its parts as columns of their own.',
  });
}

export const isFlat = ({ children, element }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== 'REPEATED';

/** A list of single values: a repeated column, or one with the format's LIST annotation. */
export const isList = ({ children, element }: SchemaTree): boolean =>
  children.length === 0
    ? element.repetition_type === 'REPEATED'
    : (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') &&
      children.length === 1 &&
      (children[0]!.children.length === 0 ||
        (children[0]!.children.length === 1 && children[0]!.children[0]!.children.length === 0));
