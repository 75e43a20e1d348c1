import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { fail, PolytaskError, suggestion } from '@polytask/core';
import type { ColumnValues, FileColumn, FileWriter, OpenWriter } from './file-writer.ts';
import { parquetWriter } from './parquet-writer.ts';
import { csvWriter, jsonLinesWriter } from './text-writers.ts';

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
      mend: suggestion(ending, Object.keys(WRITERS)),
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
  const writer = await openWriter(partial, columns).catch((error: unknown) => cannotWrite(file, error));
  try {
    await writeAll(writer, tables);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeAll(
  writer: FileWriter,
  tables: Iterable<readonly ColumnValues[]> | AsyncIterable<readonly ColumnValues[]>,
): Promise<void> {
  try {
    for await (const values of tables) await writer.write(values);
    await writer.end();
  } finally {
    await writer.close();
  }
}

function cannotWrite(file: string, error: unknown): never {
  if (error instanceof PolytaskError) throw error;
  throw new PolytaskError(`Can't write "${file}" (${(error as Error).message}).`, { cause: error });
}
