import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checks, fail, PolytaskError } from '@polytask/core';
import { defineReader } from '@polytask/data';

/**
 * The rows that DuckDB gives for the SQL in a file: over Parquet, CSV, Postgres, object stores, or a DuckDB database. The last statement is the
 * query; those before it can load extensions or attach databases. Paths in the SQL are relative to its file.
 *
 * A query needs `order by`: DuckDB has several threads, and splits, folds and streams go by the position of a row.
 *
 * @throws PolytaskError for a query without `order by`, and for what DuckDB refuses
 * @example duckdb({ database: 'orders.duckdb' })
 */
export const duckdb = defineReader(
  'duckdb',
  ({ database }) => ({
    async *rows(source, spend) {
      const { DuckDBInstance } = await import('@duckdb/node-api').catch(() =>
        fail({
          expected: 'the package @duckdb/node-api',
          received: 'none',
          fix: 'Install it: npm install @duckdb/node-api',
        }),
      );
      if (source instanceof Blob)
        fail({ expected: 'the path of a file of SQL', received: 'a Blob', fix: 'Write the SQL to a file.' });
      const file = String(source);
      const folder = path.resolve(path.dirname(file));
      const sql = await readFile(source, 'utf8');
      if (!/\border\s+by\b/i.test(sql))
        fail({
          expected: `"order by" in ${file}, because splits go by the position of a row`,
          received: 'a query without it',
          fix: 'End the query with "order by" and columns that have no ties, or with "order by all".',
        });
      try {
        const instance = await (database === undefined
          ? DuckDBInstance.create()
          : DuckDBInstance.create(path.resolve(folder, database), { access_mode: 'READ_ONLY' }));
        const connection = await instance.connect();
        try {
          await connection.run(`set file_search_path = '${folder.replaceAll("'", "''")}'`);
          for await (const rows of (await connection.stream(sql)).yieldRowObjectJs()) {
            for (const row of rows) {
              spend(Object.values(row).join().length);
              yield row;
            }
          }
        } finally {
          connection.closeSync();
          instance.closeSync();
        }
      } catch (error) {
        if (error instanceof PolytaskError) throw error;
        const received = `the error "${error instanceof Error ? error.message.trim() : String(error)}"`;
        fail({
          expected: `SQL that DuckDB runs in ${file}`,
          received,
          fix: 'Correct the SQL, or its paths, which are relative to its file.',
        });
      }
    },
  }),
  {
    endings: ['.sql'],
    options: {
      /** A DuckDB database, opened for reading, relative to the file. Default: one in memory. */
      database: checks.optional(checks.text),
    },
    description: 'SQL, run by DuckDB over Parquet, CSV, Postgres or object stores',
  },
);
