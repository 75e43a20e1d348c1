import { specNamed } from '@polytask/components';
import type { Row } from '@polytask/core';
import * as arrow from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import * as runner from 'vitest';
import { untested } from '../cases/case.ts';
import { testReader } from '../kinds/reader.ts';

const ROWS: readonly Row[] = [
  { id: '007', age: 41, state: 'Utah' },
  { id: '8', age: null, state: 'Ohio' },
];
const columns = Object.keys(ROWS[0]!).map((name) => ({ name, data: ROWS.map((row) => row[name]) }));

/** The same rows in a file of each format. A new reader is a row here. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  csv: 'id,age,state\n007,41,Utah\n8,,Ohio\n',
  parquet: new Uint8Array(parquetWriteBuffer({ columnData: columns as never })),
  jsonl: ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''),
  json: JSON.stringify(ROWS),
  arrow: arrow.tableToIPC(
    arrow.tableFromArrays(Object.fromEntries(columns.map(({ name, data }) => [name, data])) as never),
    { format: 'file' },
  ) as Uint8Array,
};

const specs = Object.keys(FILES).map((name) => specNamed('reader', name));
for (const spec of specs) testReader(spec, { file: FILES[spec.name]!, rows: ROWS, runner });

runner.it('has a row for every reader', () => {
  runner.expect(untested('reader', specs, ['@polytask/data'])).toEqual([]);
});
