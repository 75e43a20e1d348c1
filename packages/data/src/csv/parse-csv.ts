import type { Tasks } from '@polytask/core';
import { checkDeclaration } from '../declarations/check-declaration.ts';
import type { Declaration } from '../declarations/declaration.ts';
import type { Table } from '../table/table.ts';
import type { CsvOptions } from './csv-options.ts';
import { CSV_OPTIONS } from './csv-option-checks.ts';
import { csvTableReader } from './csv-table-reader.ts';

const PIECE = 1 << 18;

/**
 * Reads CSV text that is in memory.
 *
 * @throws PolytaskError as {@link readCsv} does
 * @example
 * const table = parseCsv('age,income\n41,1\n17,0\n', { features: { age: numeric() }, tasks: { income: binary() } });
 */
export function parseCsv<T extends Tasks>(text: string, options: Declaration<T> & CsvOptions): Table<T> {
  checkDeclaration(options, CSV_OPTIONS, 'parseCsv');
  const reader = csvTableReader(options.name ?? 'the text', options);
  for (let start = 0; start < text.length; start += PIECE) reader.push(text.slice(start, start + PIECE));
  reader.end();
  return reader.take();
}
