import { open } from 'node:fs/promises';
import Papa from 'papaparse';
import { decimal } from '../decimal.ts';
import type { ColumnValues, FileColumn, FileWriter, OpenWriter } from './file-writer.ts';

/** Writes CSV (RFC 4180) with a line of names. A missing text is an empty cell. */
export const csvWriter: OpenWriter = (path, columns) =>
  textWriter(path, csvLines([columns.map(({ name }) => name)]), (values) => csvLines(rowsOf(values)));

/** Writes a JSON object a line. */
export const jsonLinesWriter: OpenWriter = (path, columns) =>
  textWriter(path, '', (values) =>
    rowsOf(values)
      .map((row) => `${JSON.stringify(objectOf(columns, row))}\n`)
      .join(''),
  );

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

const objectOf = (columns: readonly FileColumn[], row: readonly Cell[]): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name }, i) => [name, row[i]!]));
