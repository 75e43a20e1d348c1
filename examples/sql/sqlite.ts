import { readFile, stat } from 'node:fs/promises';
import { checks, fail, PolytaskError, type Row, suggestion } from '@polytask/core';
import { defineReader, type FileSource } from '@polytask/data';
import type { Database, Statement } from 'sql.js';

/** A statement whose integers are bigints: its types lack this argument. */
type Exact = Statement & { getAsObject(params: null, config: { readonly useBigInt: true }): Row };

/**
 * The rows of a SQLite file: its only table, one of its tables, or a query. The file is read into memory, so several processes can read it at
 * the same time. Integers of 64 bits keep their digits.
 *
 * @throws PolytaskError for a file that isn't SQLite or has rows in a write-ahead log, a table that is missing, and a wrong query
 * @example sqlite({ table: 'orders' })
 */
export const sqlite = defineReader(
  'sqlite',
  ({ table, query }) => ({
    async *rows(source, spend) {
      const { default: initialize } = await import('sql.js').catch(() =>
        fail({ expected: 'the package sql.js', received: 'none', fix: 'Install it: npm install sql.js' }),
      );
      const place = source instanceof Blob ? 'the Blob' : String(source);
      const content = await contentOf(source, place);
      const database = new (await initialize()).Database(content);
      try {
        const statement = database.prepare(
          query ?? `select * from ${quoted(tableOf(database, table, place))}`,
        ) as Exact;
        while (statement.step()) {
          const row = statement.getAsObject(null, { useBigInt: true });
          spend(Object.values(row).join().length);
          yield row;
        }
      } catch (error) {
        if (error instanceof PolytaskError) throw error;
        const expected = query === undefined ? `a SQLite file in ${place}` : `a query of the tables in ${place}`;
        const fix = query === undefined ? 'Look at the file.' : `Correct the query ${JSON.stringify(query)}.`;
        fail({ expected, received: `the error "${error instanceof Error ? error.message : String(error)}"`, fix });
      } finally {
        database.close();
      }
    },
  }),
  {
    endings: ['.sqlite', '.sqlite3', '.db'],
    options: {
      /** The table or view. Default: the only one in the file. */
      table: checks.optional(checks.text),
      /** A query in place of a table. */
      query: checks.optional(checks.text),
    },
    description: 'a SQLite database: a table or a query',
  },
);

async function contentOf(source: FileSource, place: string): Promise<Uint8Array> {
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const log = await stat(`${place}-wal`).catch(() => undefined);
  if (log?.size)
    fail({
      expected: `all rows in ${place}`,
      received: `${log.size} bytes of changes in ${place}-wal`,
      fix: `Write them to the file: sqlite3 ${place} "pragma wal_checkpoint(truncate)"`,
    });
  return readFile(source).catch((error: Error) =>
    fail({ expected: `a file that can be read at ${place}`, received: error.message, fix: 'Look at the path.' }),
  );
}

function tableOf(database: Database, table: string | undefined, place: string): string {
  const [found] = database.exec(
    "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'",
  );
  const names = (found?.values ?? []).map(([name]) => String(name));
  const [first, ...others] = names;
  const chosen = table ?? first;
  if (chosen !== undefined && (table !== undefined || others.length === 0) && names.includes(chosen)) return chosen;
  return fail({
    expected: `${table === undefined ? 'one table' : `the table "${table}"`} in ${place}`,
    received: names.length === 0 ? 'no table' : names.join(', '),
    fix: table === undefined ? 'Name one: --format "sqlite(table=orders)".' : suggestion(table, names),
  });
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
