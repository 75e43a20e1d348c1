import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeFile, openRows, readerFor } from '@polytask/data';
import { testReader } from '@polytask/testing';
import initialize from 'sql.js';
import * as vitest from 'vitest';
import { duckdb } from './duckdb.ts';
import { sqlite } from './sqlite.ts';

const { afterAll, beforeAll, expect, it, vi } = vitest;
const { Database } = await initialize();

/** The bytes of a SQLite file. */
function sqliteFile(sql: string): Uint8Array {
  const database = new Database();
  database.run(sql);
  return database.export();
}

const ROWS = [
  { id: '9007199254740993', price: 1.5, town: 'Utah' },
  { id: '2', price: null, town: "O'Brien" },
];
const TABLE = `create table "the ""orders""" (id integer, price real, town text);
  insert into "the ""orders""" values (9007199254740993, 1.5, 'Utah'), (2, null, 'O''Brien')`;

testReader(sqlite({ table: 'the "orders"' }), {
  file: sqliteFile(`${TABLE}; create table others (a)`),
  rows: ROWS,
  others: [{ file: sqliteFile(TABLE.replace('Utah', 'Ohio')), rows: [{ ...ROWS[0]!, town: 'Ohio' }, ROWS[1]!] }],
  runner: vitest,
});
testReader(duckdb(), {
  file: "select * from (values (9007199254740993, 1.5::decimal(9,2), 'Utah'), (2, null, 'O''Brien')) as t(id, price, town) order by price;",
  rows: ROWS,
  runner: vitest,
});

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "polytask-sql-it's-"))));
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}
const columnsOf = async (file: string, format = {}) =>
  (await describeFile(file, format)).columns.map(({ name }) => name);

it('reads the only table, a view, or a query, by the ending of the file', async () => {
  expect(['a.db', 'a.sqlite', 'a.SQLITE3', 'a.sql'].map(readerFor)).toEqual(['sqlite', 'sqlite', 'sqlite', 'duckdb']);
  const one = await written('one.db', sqliteFile(TABLE));
  expect(await columnsOf(one)).toEqual(['id', 'price', 'town']);
  const two = await written('two.db', sqliteFile(`${TABLE}; create view towns as select town from "the ""orders"""`));
  expect(await columnsOf(two, { format: sqlite({ table: 'towns' }) })).toEqual(['town']);
  const query = 'select price, 2 as b from "the ""orders"""';
  expect(await columnsOf(two, { format: sqlite({ query }) })).toEqual(['price', 'b']);
});

it('runs SQL over files beside it, several statements, and a database', async () => {
  await written('rows.csv', 'a,b\n2,x\n1,y\n');
  const file = await written('rows.sql', "set threads = 2; select a, b from 'rows.csv' -- all\norder by a -- by a");
  expect((await describeFile(file)).sample.total).toBe(2);
  const instance = await DuckDBInstance.create(path.join(folder, 'own.duckdb'));
  const connection = await instance.connect();
  await connection.run("create table days as select date '2020-01-02' as day, [1, 2] as list");
  connection.closeSync();
  instance.closeSync();
  const days = await written('days.sql', 'from days order by all');
  expect(await columnsOf(days, { format: duckdb({ database: 'own.duckdb' }) })).toEqual(['day', 'list']);
});

it('other rows behind the same SQL are other content', async () => {
  const file = await written('count.sql', "select * from 'count.csv' order by all");
  const contentOf = async (csv: string) => {
    await written('count.csv', csv);
    return (
      await openRows(file, { format: duckdb(), csv: {}, features: { a: { kind: 'numeric' } }, tasks: {} })
    ).content();
  };
  const first = await contentOf('a\n1\n2\n');
  expect(await contentOf('a\n1\n3\n')).not.toBe(first);
  expect(await contentOf('a\n2\n1\n')).toBe(first);
});

it('says what is wrong with a SQLite file', async () => {
  const two = await written('both.db', sqliteFile('create table orders (a); create table towns (b)'));
  const refused = async (file: string, config: object, message: string) =>
    expect(describeFile(file, { format: sqlite(config) })).rejects.toThrow(message);
  await refused(
    two,
    {},
    `Expected one table in ${two}, received orders, towns. Name one: --format "sqlite(table=orders)".`,
  );
  await refused(two, { table: 'order' }, `the table "order" in ${two}, received orders, towns. Did you mean "orders"?`);
  await refused(
    two,
    { query: 'selec 1' },
    'received the error "near "selec": syntax error". Correct the query "selec 1".',
  );
  await refused(await written('text.db', 'a,b\n1,2\n'), {}, 'received the error "file is not a database"');
  await refused(await written('empty.db', ''), {}, 'received no table');
  await refused(path.join(folder, 'none.db'), {}, 'a file that can be read at');
  await written('both.db-wal', 'rows');
  await refused(two, { table: 'orders' }, `received 4 bytes of changes in ${two}-wal. Write them to the file: sqlite3`);
});

it('says what is wrong with SQL', async () => {
  const refused = async (sql: string, message: string) =>
    expect(describeFile(await written('wrong.sql', sql))).rejects.toThrow(message);
  await refused('select 1', 'End the query with "order by" and columns that have no ties, or with "order by all".');
  await refused('selec 1 order by 1', 'Parser Error: syntax error at or near "selec"');
  await refused("from 'none.parquet' order by all", 'No files found that match the pattern "none.parquet"');
  await refused('from orders order by all', 'Table with name orders does not exist');
});

it.each([
  { name: 'sql.js', file: 'one.db', format: sqlite() },
  { name: '@duckdb/node-api', file: 'rows.sql', format: duckdb() },
])('names the package $name where it is missing', async ({ name, file, format }) => {
  vi.doMock(name, () => {
    throw new Error('not found');
  });
  await expect(describeFile(path.join(folder, file), { format })).rejects.toThrow(`Install it: npm install ${name}`);
  vi.doUnmock(name);
});
