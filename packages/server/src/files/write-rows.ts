import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fail, PolytaskError, suggestion } from '@polytask/core';
import Papa from 'papaparse';
import { decimal } from '../row-predictions.ts';

/** A column of a file: texts, numbers of 32 bits, or numbers of 64 bits. */
export interface FileColumn {
  readonly name: string;
  readonly kind: 'text' | 'float' | 'double';
}

/** The values of a column: texts or doubles, null where one is missing, or floats. */
export type ColumnValues = (string | null)[] | (number | null)[] | Float32Array;

type Tables = Iterable<readonly ColumnValues[]> | AsyncIterable<readonly ColumnValues[]>;

type Format = (columns: readonly FileColumn[], tables: Tables) => AsyncGenerator<string | Uint8Array, void>;

const FORMATS: Readonly<Record<string, Format>> = {
  '.csv': csv,
  '.jsonl': jsonLines,
  '.ndjson': jsonLines,
  '.parquet': parquet,
};

export function formatOf(name: string): Format {
  const ending = extname(name).toLowerCase();
  return (
    FORMATS[ending] ??
    fail({
      expected: 'a file of predictions that ends in .csv, .jsonl or .parquet',
      received: `"${name}"`,
      fix: suggestion(ending, Object.keys(FORMATS)),
    })
  );
}

/**
 * Writes a file of rows as CSV, JSON lines or Parquet, by the ending of its name. The file appears whole or not at all.
 *
 * @param tables the rows, some at a time: the values of each column
 * @throws PolytaskError for another ending, and for a file that can't be written
 * @example
 * await writeRows('rows.csv', [{ name: 'id', kind: 'text' }, { name: 'age', kind: 'double' }], [[['a', 'b'], [41, null]]]);
 */
export async function writeRows(file: string, columns: readonly FileColumn[], tables: Tables): Promise<void> {
  const parts = formatOf(file)(columns, tables);
  const partial = `${file}.${randomUUID()}.partial`; // two runs may write one file, and the last one stays
  try {
    await writeFile(partial, parts, { flush: true });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof PolytaskError || (error as NodeJS.ErrnoException).syscall === undefined) throw error; // of the rows
    throw new PolytaskError(`Can't write "${file}" (${(error as Error).message}).`, { cause: error });
  }
}

type Cell = string | number | null;

function rowsOf(columns: readonly ColumnValues[]): Cell[][] {
  const size = columns[0]?.length ?? 0;
  return Array.from({ length: size }, (_, row) =>
    columns.map((values) => {
      const value = values[row]!;
      return values instanceof Float32Array ? decimal(value as number) : value;
    }),
  );
}

/** CSV (RFC 4180) with a line of names. A missing text is an empty cell. */
async function* csv(columns: readonly FileColumn[], tables: Tables): ReturnType<Format> {
  const lines = (rows: Cell[][]) => `${Papa.unparse(rows, { newline: '\n' })}\n`;
  yield lines([columns.map(({ name }) => name)]);
  for await (const values of tables) yield lines(rowsOf(values));
}

async function* jsonLines(columns: readonly FileColumn[], tables: Tables): ReturnType<Format> {
  for await (const values of tables) {
    const objects = rowsOf(values).map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!])));
    yield objects.map((each) => `${JSON.stringify(each)}\n`).join('');
  }
}

/** Parquet with a row group for each table: texts as optional UTF-8, floats, and optional doubles. */
async function* parquet(columns: readonly FileColumn[], tables: Tables): ReturnType<Format> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer').catch((error: unknown) => {
    throw new PolytaskError(
      'Parquet files are written by hyparquet-writer, which is not installed. Run npm install hyparquet-writer, or write .csv.',
      { cause: error },
    );
  });
  const bytes = new ByteWriter();
  const elements = columns.map(({ name, kind }) => ({ name, ...ELEMENTS[kind] }));
  const schema = [{ name: 'root', num_children: columns.length }, ...elements];
  const writer = new ParquetWriter({ writer: bytes, schema });
  for await (const values of tables) {
    const columnData = columns.map(({ name }, i) => ({ name, data: values[i]! }));
    await writer.write({ columnData, rowGroupSize: values[0]?.length ?? 0 });
    yield bytes.getBytes();
    bytes.index = 0; // the bytes are in the file
  }
  await writer.finish();
  yield bytes.getBytes();
}

const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  float: { type: 'FLOAT', repetition_type: 'REQUIRED' },
  double: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
} as const;
