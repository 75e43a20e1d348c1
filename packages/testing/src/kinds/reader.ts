import { anything, listOf, mapValues, optional, recordOf, shaped, type Option, type Read } from '@polytask/components';
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
import { check, expectRefused, expectThat, inDirectory, type Check } from '../cases/case.ts';
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

type ExampleFile = Read<typeof file>;

interface Written extends ExampleFile {
  readonly path: string;
  readonly format: RowFormat;
}

/** What reads the columns of some rows: numbers as numbers, lists as lists, all else as texts. */
function formatOf(spec: Spec<'reader'>, rows: readonly Row[]): RowFormat {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const features = recordOf(names, (name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined);
    if (values.some(Array.isArray)) return multiValued();
    return values.every((value) => typeof value === 'number') ? numeric() : categorical();
  });
  return { format: spec, csv: {}, features, tasks: {} };
}

/** Makes checks of files. */
const ofFiles =
  (spec: Spec<'reader'>, files: readonly ExampleFile[]) =>
  (holds: (...files: readonly Written[]) => Promise<void>, fix: string): Check =>
    check(async () => {
      await inDirectory(async (directory) => {
        const { writeFile } = await import('node:fs/promises');
        const written = files.map((each, i) => ({
          ...{ ...each, path: `${directory}/rows-${i}` },
          format: formatOf(spec, each.rows),
        }));
        for (const { path, file: content } of written) await writeFile(path, content);
        await holds(...written);
      });
    }, fix);

/** Compares what a stream of a file has with its rows. @param when the moment of the reading */
async function checkFile({ path, rows, format }: Written, when: string): Promise<void> {
  const { features } = format;
  const tables = [];
  for await (const table of (await rowStream(path, format)).tables()) tables.push(table);
  const seen = concatenate(tables);
  const whole = rows.map((row) => mapValues(features, (_, name) => row[name] ?? null));
  const expected = fromRows(whole, { features, tasks: {} });
  expectThat(seen.size === expected.size, `${expected.size} rows ${when}`, seen.size);
  const own = rawFeatures(seen, 0, seen.size);
  rawFeatures(expected, 0, expected.size).forEach(({ name, values }, column) =>
    values.forEach((value, row) => {
      const [wanted, received] = [value, own[column]!.values[row]].map((each) => JSON.stringify(each));
      expectThat(own[column]!.values[row] === value, `${wanted} in row ${row}, column "${name}" ${when}`, received);
    }),
  );
}

const told = (count: number, names: readonly string[]) => `${count} rows of ${[...names].sort().join(', ')}`;

const READ = 'Read each file from its first row to its last, keep nothing between two readings, and read the options.';

/**
 * Tests a reader, on a file and the rows that it has. Pass a spec whose options differ from their defaults, and a file that needs them.
 *
 * @example testReader(pairs({ between: ';' }), { file: 'age=41;state=Utah\n', rows: [{ age: '41', state: 'Utah' }], runner });
 */
export const testReader = tester({ kind: 'reader', options }, (spec: Spec<'reader'>, { others, ...first }) => {
  const [ofFirst, ofAll] = [ofFiles(spec, [first]), ofFiles(spec, [first, ...others])];
  return {
    spec,
    numbers: () => ({}), // a spec has none: the files have
    own: {
      'its rows are those of the file': ofAll(async (...all) => {
        const { rm, writeFile } = await import('node:fs/promises');
        for (const each of all) await checkFile(each, 'of the file');
        await Promise.all([...all, ...all].map((each) => checkFile(each, 'of files that are read at once')));
        for (const [i, { path }] of all.entries()) {
          await checkFile(all[i]!, 'of a file that is read after others');
          const next = { ...all[(i + 1) % all.length]!, path };
          await writeFile(path, next.file);
          await checkFile(next, 'of a file that was written again');
          await rm(path);
          await expectRefused('a file that is gone', () => checkFile(next, 'of no file'));
        }
      }, READ),
      // in memory, as a stream, and in a description
      'all ways to read it have the same rows': ofFirst(async (own) => {
        const { path, format, rows } = own!;
        const { writeFile } = await import('node:fs/promises');
        await writeFile(`${path}.json`, JSON.stringify(rows));
        const json: RowFormat = { ...format, format: { kind: 'reader', name: 'json', config: {} } };
        const [seen, wanted] = [await openRows(path, format), await openRows(`${path}.json`, json)];
        const isSame = (await seen.content()) === (await wanted.content());
        expectThat(isSame, 'the rows of the stream where the file is read into memory', 'others');
        const { sample, columns } = await describeFile(path, { format: spec });
        const names = columns.map(({ name }) => name);
        const [described, all] = [told(sample.total, names), told(rows.length, Object.keys(format.features))];
        expectThat(described === all, `${all} in a description`, described);
      }, 'Let `read`, `stream` and `sample` have the same rows.'),
      'a file past a limit is an error': ofFirst(async (own) => {
        const { path, format, rows } = own!;
        for (const [what, limits] of Object.entries({
          [`a file of ${rows.length} rows`]: { rows: rows.length - 1 },
          'a text of many bytes': { bytes: 1 },
        }))
          await expectRefused(`${what}, where ${Object.values(limits)[0]} is allowed`, () =>
            openRows(path, format, { limits }),
          );
      }, 'Call `spend` of `rows` with the bytes that are unpacked; in `read`, `budget.spendText` and `budget.spendRows`.'),
    },
  };
});
