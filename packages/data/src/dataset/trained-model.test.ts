import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelsOf, defineNetwork, fusion, multiTaskModel, save, writeSealed, contentDigest } from '@polytask/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, it } from 'vitest';
import { readCsv } from '../csv/read-csv.ts';
import { encode } from '../fitting/encode.ts';
import { concatenate } from '../table/concatenate.ts';
import type { Table } from '../table/table.ts';
import { openDataset } from './open-dataset.ts';
import { rowStream, type RowFormat, type RowStreamOptions } from './row-format.ts';
import { readTrainedModel, writeTrainedModel } from './trained-model.ts';

const directory = mkdtempSync(join(tmpdir(), 'polytask-trained-'));
afterAll(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string | ArrayBuffer) => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : new Uint8Array(content));
  return path;
};

const linear = defineNetwork('linear-of-data', () => fusion([]));

const document = {
  name: 'people',
  files: 'people.csv',
  csv: { delimiter: ';', missing: ['?'] },
  features: { age: { kind: 'numeric', from: 'years', log: true }, state: 'categorical' },
  tasks: { rich: { kind: 'binary', from: 'income', positive: 'high' } },
  join: [{ files: 'states.csv', on: 'state', csv: { delimiter: ';' }, features: { size: 'numeric' } }],
  split: { kind: 'random', test: 0.25, validation: 0.25, seed: 1 },
};
const people = 'years;state;income;size\n30;Utah;low;3\n?;Ohio;high;11\n50;;high;2\n';

async function trained() {
  const rows = Array.from({ length: 20 }, (_, i) => `${20 + i};${i % 2 ? 'Utah' : 'Ohio'};${i % 3 ? 'low' : 'high'}\n`);
  write('people.csv', `years;state;income\n${rows.join('')}`);
  write('states.csv', 'state;size\nUtah;3\nOhio;11\n');
  const dataset = await openDataset(write('people.json', JSON.stringify(document)));
  const model = multiTaskModel({ schema: dataset.parts(1).train.schema, network: linear({}), seed: 3 });
  return { dataset, model };
}

async function tableOf(file: string, format: RowFormat, options?: RowStreamOptions): Promise<Table> {
  const tables: Table[] = [];
  for await (const table of (await rowStream(file, format, options)).tables()) tables.push(table);
  return concatenate(tables);
}

it('gives back the model, and reads rows as the training rows were read', async () => {
  const { dataset, model } = await trained();
  const folder = join(directory, 'model');
  await writeTrainedModel(folder, model, dataset.document);
  expect(JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8'))).toEqual({
    csv: document.csv,
    features: { ...document.features, size: 'numeric' },
    tasks: document.tasks,
    schema: await contentDigest(model.schema),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  const { model: loaded, rows } = await readTrainedModel(folder);
  const file = write('new.csv', people);
  const whole = await readCsv(file, {
    ...document.csv,
    features: rows.features,
    tasks: { rich: model.schema.tasks['rich']! },
  });
  const expected = model.predict(encode(whole, model.schema));
  expect(loaded.predict(encode(await tableOf(file, rows), loaded.schema))).toEqual(expected);
  const labeled = await tableOf(file, rows, { labels: true, keep: ['income'] });
  expect([...labelsOf(encode(labeled, loaded.schema).arrays, 'rich').labels]).toEqual([0, 1, 1]);
  expect(labeled.columns.texts['income']!.dictionary).toEqual(['low', 'high']);
});

it('reads Parquet by the ending of the name', async () => {
  const { dataset, model } = await trained();
  const folder = join(directory, 'parquet');
  await writeTrainedModel(folder, model, dataset.document);
  const { rows } = await readTrainedModel(folder);
  const columnData = [
    { name: 'years', data: [30, null], type: 'DOUBLE' as const },
    { name: 'state', data: ['Utah', 'Ohio'], type: 'STRING' as const },
    { name: 'size', data: [3, 11], type: 'DOUBLE' as const },
  ];
  const parquet = await tableOf(write('new.parquet', parquetWriteBuffer({ columnData })), rows);
  const csv = await tableOf(write('same.csv', 'years;state;size\n30;Utah;3\n?;Ohio;11\n'), rows);
  expect(encode(parquet, model.schema).arrays).toEqual(encode(csv, model.schema).arrays);
});

it('reads a folder that core wrote, by the names of the features', async () => {
  const { model } = await trained();
  const folder = join(directory, 'plain');
  await save(model, folder);
  const { rows } = await readTrainedModel(folder);
  const table = await tableOf(write('plain.csv', 'age,state,size\n30,Utah,3\n'), rows);
  expect(model.predict(encode(table, model.schema))).toEqual(model.predict([{ age: 30, state: 'Utah', size: 3 }]));
});

it('names a key of dataset.json that nothing reads, and a file that is no JSON', async () => {
  const { model } = await trained();
  const folder = join(directory, 'wrong');
  await save(model, folder);
  write('wrong/dataset.json', JSON.stringify({ features: { age: 'numeric' }, tasks: {}, csvs: {} }));
  await expect(readTrainedModel(folder)).rejects.toThrow('received "csvs". Did you mean "csv"?');
  write('wrong/dataset.json', '{');
  await expect(readTrainedModel(folder)).rejects.toThrow(/Expected JSON in .*dataset\.json/);
});

it('refuses a dataset.json that was changed, or is of another model, and takes the pending one of its model', async () => {
  const { dataset, model } = await trained();
  const folder = join(directory, 'sealed');
  await writeTrainedModel(folder, model, dataset.document);
  const file = join(folder, 'dataset.json');
  const whole = readFileSync(file, 'utf8');
  for (const [from, to] of [
    ['"?"', '"!"'],
    ['"sha256"', '"sha257"'],
  ] as const) {
    write('sealed/dataset.json', whole.replace(from, to));
    await expect(readTrainedModel(folder)).rejects.toThrow(
      /was changed after it was written|an option of .*dataset\.json/,
    );
  }
  write('sealed/dataset.json', await writeSealed({ features: {}, tasks: {}, schema: 'of another' }));
  await expect(readTrainedModel(folder)).rejects.toThrow('received that of another model');
  write('sealed/dataset.json.pending', whole);
  expect((await readTrainedModel(folder)).rows.csv).toEqual(document.csv);
});
