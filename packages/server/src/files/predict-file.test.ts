import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { save } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { people, peopleModel } from '../testing/people.ts';
import { predictFile } from './predict-file.ts';

/** The rows of `people`, each with an id. */
const peopleCsv = 'id,age,state,street,hobbies\n"7,a",31,Utah,Elm,chess|golf\n,,Mars,,\nc,64,,Oak,golf\n';

let directory: string;
const model = peopleModel();
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'polytask-predict-'));
  await writeFile(join(directory, 'people.csv'), peopleCsv);
  await save(model, join(directory, 'model'));
});
afterAll(async () => {
  model.dispose();
  await rm(directory, { recursive: true });
});

const at = (name: string) => join(directory, name);

/** The rows of the file of predictions, as `predict` in code gives them. */
function expected() {
  const { rich, marital, hours } = model.predict(people);
  const ids = ['7,a', null, 'c'];
  return ids.map((id, row) => {
    const shares = [...marital.subarray(3 * row, 3 * row + 3)];
    const [never, now, before] = shares as [number, number, number];
    return {
      ...{ id, rich: rich[row]!, marital: ['never', 'now', 'before'][shares.indexOf(Math.max(...shares))] },
      ...{ marital_never: never, marital_now: now, marital_before: before, hours: hours[row]! },
    };
  });
}

/** Rounds to what the engines have in common: they differ by float32 rounding. */
const rounded = (rows: readonly object[]) =>
  rows.map((row) =>
    Object.entries(row).map(
      ([name, value]) => [name, typeof value === 'number' ? value.toPrecision(5) : value] as const,
    ),
  );

it('writes the predictions of a folder as CSV, JSON lines and Parquet, with the kept columns', async () => {
  for (const ending of ['csv', 'jsonl', 'parquet']) {
    const result = await predictFile(at('model'), at('people.csv'), { out: at(`out.${ending}`), keep: ['id'] });
    expect(result).toEqual({ rows: 3, engine: 'onnxruntime-node', columns: Object.keys(expected()[0]!) });
  }
  const lines = (await readFile(at('out.jsonl'), 'utf8')).trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as object);
  expect(rounded(rows)).toEqual(rounded(expected()));

  const file = new Uint8Array(await readFile(at('out.parquet'))).buffer;
  const inParquet = await parquetReadObjects({ file });
  expect(rounded(inParquet)).toEqual(rounded(expected()));
  // nine digits are the float32 itself, so all formats hold the same values
  inParquet.forEach((row, i) => expect(Math.fround((rows[i] as { hours: number }).hours)).toBe(row['hours']));

  const [names, first, second] = (await readFile(at('out.csv'), 'utf8')).split('\n');
  expect(names).toBe('id,rich,marital,marital_never,marital_now,marital_before,hours');
  const { id: _, ...values } = rows[0] as { id: string };
  expect(first).toBe(`"7,a",${Object.values(values).join()}`);
  expect(second).toMatch(/^,0\./);
});

it('reads gzip and Parquet, and reads rows as dataset.json says', async () => {
  await save(model, at('described'));
  const features = {
    age: { kind: 'numeric', from: 'years' },
    state: 'categorical',
    street: { kind: 'hashed', buckets: 7 },
    hobbies: 'multi-valued',
  };
  await writeFile(at('described/dataset.json'), JSON.stringify({ csv: { missing: ['?'] }, features, tasks: {} }));
  await writeFile(at('years.csv.gz'), gzipSync('years,state,street,hobbies\n?,Mars,,\n'));
  await predictFile(at('described'), at('years.csv.gz'), { out: at('years.jsonl') });
  const columnData = Object.keys(people[0]!).map((name) => ({ name, data: people.map((row) => row[name]) }));
  await writeFile(at('people.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
  await predictFile(model, at('people.parquet'), { out: at('from-parquet.jsonl') });
  const [line, lines] = await Promise.all(
    ['years', 'from-parquet'].map((name) => readFile(at(`${name}.jsonl`), 'utf8')),
  );
  expect(lines!.split('\n')[1]).toBe(line!.trimEnd());
});

it('runs that write one file at the same time leave the whole file of one of them', async () => {
  const [own, kept] = [at('own'), at('own/both.csv')];
  await mkdir(own);
  await Promise.all([1, 2, 3].map(() => predictFile(model, at('people.csv'), { out: kept, keep: ['id'] })));
  expect((await readFile(kept, 'utf8')).trimEnd().split('\n')).toHaveLength(1 + people.length);
  expect(await readdir(own)).toEqual(['both.csv']);
});

it('says file, line and column of a bad cell and a missing column, and leaves the file that was there', async () => {
  await writeFile(at('kept.csv'), 'as before');
  const write = (text: string) => writeFile(at('bad.csv'), text);
  const run = (options = {}) => predictFile(model, at('bad.csv'), { out: at('kept.csv'), ...options });
  await write(peopleCsv.replace('64', 'old'));
  await expect(run()).rejects.toThrow(/Expected a number in .*bad\.csv, line 4, column "age", received "old"/);
  await write(peopleCsv.replace('state', 'stat'));
  await expect(run()).rejects.toThrow(/Expected column "state" in .*bad\.csv, line 1.*Did you mean "stat"/);
  await write(peopleCsv);
  await expect(run({ keep: ['name'] })).rejects.toThrow('Expected column "name"');
  await expect(run({ keep: ['rich'] })).rejects.toThrow('received "rich" twice');
  await expect(run({ signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  await expect(run({ out: at('bad.csv') })).rejects.toThrow('for both');
  await expect(run({ out: at('a.xlsx') })).rejects.toThrow('ends in .csv, .jsonl or .parquet');
  await expect(run({ out: at('missing/a.csv') })).rejects.toThrow("Can't write");
  expect(await readFile(at('kept.csv'), 'utf8')).toBe('as before');
  expect((await readdir(directory)).filter((name) => name.includes('partial'))).toEqual([]);
});

it('says file, line and task of a prediction that is not finite, and leaves the file that was there', async () => {
  const diverged = peopleModel();
  const { variable } = diverged.store.trainable().find(({ name }) => name.endsWith('kernel'))!;
  variable.assign(tf.fill(variable.shape, NaN));
  await writeFile(at('kept.csv'), 'earlier');
  await expect(predictFile(diverged, at('people.csv'), { out: at('kept.csv') })).rejects.toThrow(
    /^The prediction of task "rich" for .*people\.csv, line 2 is NaN\. /,
  );
  expect(await readFile(at('kept.csv'), 'utf8')).toBe('earlier');
  const header = peopleCsv.slice(0, peopleCsv.indexOf('\n'));
  await writeFile(
    at('far.csv'),
    `${header}\n${header
      .split(',')
      .map((name) => (name === 'age' ? 41000 : ''))
      .join(',')}\n`,
  );
  await expect(predictFile(diverged, at('far.csv'), { out: at('kept.csv') })).rejects.toThrow(
    /far\.csv, line 2 is NaN\. "age" is 41000 there, \d+ standard deviations from the mean of the training rows\. Has it another unit\?$/,
  );
  diverged.dispose();
});
