import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
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

/** Writes a file of rows, some rows at a time. */
interface FileWriter {
  /** Appends rows. @param columns the values of each column, all of one length */
  write(columns: readonly ColumnValues[]): Promise<void>;
  /** Ends the file. A file that is not ended is of no use. */
  end(): Promise<void>;
  /** Closes the file, whether it was ended or not. Without it, the file is open only while rows are appended. */
  close?(): Promise<void>;
}

/** Opens a file to write. An existing file is emptied. */
type OpenWriter = (path: string, columns: readonly FileColumn[]) => Promise<FileWriter>;

/** Writes CSV (RFC 4180) with a line of names. A missing text is an empty cell. */
const csvWriter: OpenWriter = (path, columns) =>
  textWriter(path, csvLines([columns.map(({ name }) => name)]), (values) => csvLines(rowsOf(values)));

const jsonLinesWriter: OpenWriter = (path, columns) => {
  const objectOf = (row: readonly Cell[]) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!]));
  return textWriter(path, '', (values) =>
    rowsOf(values)
      .map((row) => `${JSON.stringify(objectOf(row))}\n`)
      .join(''),
  );
};

const WRITERS: Readonly<Record<string, OpenWriter>> = {
  '.csv': csvWriter,
  '.jsonl': jsonLinesWriter,
  '.ndjson': jsonLinesWriter,
  '.parquet': parquetWriter,
};

/**
 * The writer for a file, by the ending of its name.
 *
 * @throws PolytaskError for another ending
 */
export function writerFor(name: string): OpenWriter {
  const ending = extname(name).toLowerCase();
  return (
    WRITERS[ending] ??
    fail({
      expected: 'a file of predictions that ends in .csv, .jsonl or .parquet',
      received: `"${name}"`,
      fix: suggestion(ending, Object.keys(WRITERS)),
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
export async function writeRows(
  file: string,
  columns: readonly FileColumn[],
  tables: Iterable<readonly ColumnValues[]> | AsyncIterable<readonly ColumnValues[]>,
): Promise<void> {
  const openWriter = writerFor(file);
  const partial = `${file}.${randomUUID()}.partial`; // two runs may write one file, and the last one stays
  try {
    const writer = await openWriter(partial, columns);
    try {
      for await (const values of tables) await writer.write(values);
      await writer.end();
    } finally {
      await writer.close?.();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof PolytaskError || (error as NodeJS.ErrnoException).syscall === undefined) throw error; // of the rows
    throw new PolytaskError(`Can't write "${file}" (${(error as Error).message}).`, { cause: error });
  }
}

/** @param text the lines of some rows */
async function textWriter(
  path: string,
  head: string,
  text: (values: readonly ColumnValues[]) => string,
): Promise<FileWriter> {
  const file = await open(path, 'w');
  await file.writeFile(head);
  return {
    write: (values) => file.writeFile(text(values)),
    end: () => file.sync(),
    close: () => file.close(),
  };
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

const csvLines = (rows: readonly Cell[][]): string => `${Papa.unparse(rows as Cell[][], { newline: '\n' })}\n`;

/** Writes Parquet, a row group at each call of `write`: texts as optional UTF-8, floats, and optional doubles. */
async function parquetWriter(path: string, columns: readonly FileColumn[]): Promise<FileWriter> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer').catch((error: unknown) => {
    throw new PolytaskError(
      'Parquet files are written by hyparquet-writer, which is not installed. Run npm install hyparquet-writer, or write .csv.',
      { cause: error },
    );
  });
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, kind }) => ({ name, ...ELEMENTS[kind] })),
    ],
  });
  return {
    async write(values) {
      const columnData = columns.map(({ name }, i) => ({ name, data: values[i]! }));
      await writer.write({ columnData, rowGroupSize: values[0]?.length ?? 0 });
    },
    async end() {
      await writer.finish();
    },
  };
}

const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  float: { type: 'FLOAT', repetition_type: 'REQUIRED' },
  double: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
} as const;
