import { anything, listOf, optional, shaped, type Option } from '@polytask/components';
import type { Row, Spec } from '@polytask/core';
import {
  categorical,
  concatenate,
  describeFile,
  fromRows,
  multiValued,
  numeric,
  openRows,
  rawFeatures,
  rowStream,
  type RowFormat,
} from '@polytask/data';
import { broken } from '../cases/case.ts';
import { inDirectory } from '../cases/in-directory.ts';
import { tester } from '../tester.ts';

const file = {
  /** The content of a file. */
  file: anything as Option<string | Uint8Array>,
  /** The rows that it has, as objects. */
  rows: listOf(anything as Option<Row>, 1),
};

const options = {
  ...file,
  /** Further files, which are read at the same time. */
  others: optional(listOf(shaped(file)), []),
};

interface ExampleFile {
  readonly file: string | Uint8Array;
  readonly rows: readonly Row[];
}

interface Written extends ExampleFile {
  readonly path: string;
  readonly format: RowFormat;
}

/** What reads the columns of some rows: numbers as numbers, lists as lists, all else as texts. */
function formatOf(spec: Spec<'reader'>, rows: readonly Row[]): RowFormat {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const featureOf = (name: string) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    if (values.some(Array.isArray)) return multiValued();
    return values.every((value) => typeof value === 'number') ? numeric() : categorical();
  };
  return {
    format: spec,
    csv: {},
    features: Object.fromEntries(names.map((name) => [name, featureOf(name)])),
    tasks: {},
  };
}

const withFiles = (
  spec: Spec<'reader'>,
  files: readonly ExampleFile[],
  check: (files: readonly Written[]) => Promise<void>,
) =>
  inDirectory(async (directory) => {
    const { writeFile } = await import('node:fs/promises');
    const written = files.map((each, i) => ({
      ...each,
      path: `${directory}/rows-${i}`,
      format: formatOf(spec, each.rows),
    }));
    for (const { path, file: content } of written) await writeFile(path, content);
    await check(written);
  });

/** The rows that a stream of a file has. */
async function rowsIn({ path, format }: Written) {
  const tables = [];
  for await (const table of (await rowStream(path, format)).tables()) tables.push(table);
  return concatenate(tables);
}

const tableOf = ({ rows, format: { features } }: Written) => {
  const names = Object.keys(features);
  const whole = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
  return fromRows(whole, { features, tasks: {} });
};

/** Compares what a stream of a file has with its rows. @param when the moment of the reading */
async function checkFile(written: Written, when: string): Promise<void> {
  const [seen, expected] = [await rowsIn(written), tableOf(written)];
  const fix = 'Read each file from its first row to its last, keep nothing between two readings, and read the options.';
  if (seen.size !== expected.size) broken({ expected: `${expected.size} rows ${when}`, seen: String(seen.size), fix });
  const own = rawFeatures(seen, 0, seen.size);
  rawFeatures(expected, 0, expected.size).forEach(({ name, values }, column) => {
    const at = values.findIndex((value, row) => own[column]!.values[row] !== value);
    if (at < 0) return;
    const [wanted, received] = [values[at], own[column]!.values[at]].map((value) => JSON.stringify(value));
    broken({ expected: `${wanted} in row ${at}, column "${name}" ${when}`, seen: received!, fix });
  });
}

/** A reading in memory and a description have the rows of the stream. */
async function checkWays(written: Written): Promise<void> {
  const { path, format } = written;
  const { format: reader } = format;
  const whole = await openRows(path, format);
  const fix = 'Let `read`, `stream` and `sample` have the same rows.';
  const { writeFile } = await import('node:fs/promises');
  await writeFile(`${path}.json`, JSON.stringify(written.rows));
  const expected = await openRows(`${path}.json`, { ...format, format: { kind: 'reader', name: 'json', config: {} } });
  if ((await whole.content()) !== (await expected.content()))
    broken({ expected: 'the rows of the stream where the file is read into memory', seen: 'others', fix });
  const { sample, columns } = await describeFile(path, { format: reader! });
  const [names, wanted] = [columns.map(({ name }) => name), Object.keys(format.features)];
  if (sample.total !== written.rows.length || [...names].sort().join() !== [...wanted].sort().join())
    broken({
      expected: `${written.rows.length} rows of ${wanted.join(', ')} in a description`,
      seen: `${sample.total} of ${names.join(', ')}`,
      fix,
    });
}

/** More rows than a limit are an error. */
async function checkLimit({ path, format, rows }: Written): Promise<void> {
  try {
    await openRows(path, format, { limits: { rows: rows.length - 1 } });
  } catch {
    return;
  }
  const fix = 'Call `budget.spendRows` in `read`.';
  broken({
    expected: `an error for a file of ${rows.length} rows, where ${rows.length - 1} are allowed`,
    seen: 'none',
    fix,
  });
}

/**
 * Tests a reader: the promises of its kind, on a file and the rows that it has, and those of every component. Pass a spec whose options differ
 * from their defaults, and a file that needs them.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testReader(pairs({ between: ';' }), { file: 'age=41;state=Utah\n', rows: [{ age: '41', state: 'Utah' }], runner });
 */
export const testReader = tester('reader', options, (spec: Spec<'reader'>, { others, ...first }) => {
  const files = [first, ...others] as readonly ExampleFile[];
  return {
    spec,
    numbers: () => ({}), // a spec has none: the files have
    own: {
      'its rows are those of the file': () =>
        withFiles(spec, files.slice(0, 1), ([own]) => checkFile(own!, 'of the file')),
      'files that are read at once, and again, have their own rows': () =>
        withFiles(spec, files, async (all) => {
          await Promise.all([...all, ...all].map((each) => checkFile(each, 'of files that are read at once')));
          for (const each of [...all, ...all]) await checkFile(each, 'of a file that is read after others');
        }),
      'all ways to read it have the same rows': () => withFiles(spec, files.slice(0, 1), ([own]) => checkWays(own!)),
      'rows past a limit are an error': () => withFiles(spec, files.slice(0, 1), ([own]) => checkLimit(own!)),
    },
  };
});
