import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  labelsOf,
  layoutOf,
  PolytaskError,
  checkTasks,
  type BinaryTask,
  type CategoricalFeature,
} from '@polytask/core';
import fc from 'fast-check';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { madeUpCensus, realCensus } from '../known/census/census.fixture.ts';
import { openDataset } from '../dataset/open-dataset.ts';
import { describeCsv, describeFile } from './describe.ts';
import type { DatasetDocument, DescribeOptions } from './description.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'polytask-describe-'))));
afterAll(() => rmSync(directory, { recursive: true }));

/** Opens what was described, as a user of the file would. */
async function partsOf(dataset: DatasetDocument) {
  const path = join(directory, 'described.json');
  writeFileSync(path, JSON.stringify(dataset));
  return (await openDataset(path, { allowFilesOutside: true })).parts(1);
}

/** Describes a text, writes both files, and opens them. */
async function roundTrip(text: string, options: DescribeOptions = {}) {
  writeFileSync(join(directory, 'rows.csv'), text);
  const description = describeCsv(text, { files: 'rows.csv', ...options });
  return { ...description, parts: await partsOf(description.dataset) };
}

const draw = (i: number, n: number): number => ((i * 7919 + 13) % 1009) % n;

describe('what is described can be opened', () => {
  it('people.csv', async () => {
    const path = fileURLToPath(new URL('../../../../examples/train-and-serve/people.csv', import.meta.url));
    const { dataset } = await describeFile(path);
    expect(dataset.features).toEqual({
      age: 'numeric',
      weeks_worked: 'numeric',
      occupation: 'categorical',
      state: 'categorical',
    });
    const { train, validation, test } = await partsOf(dataset);
    expect([train.size, validation.size, test.size]).toEqual([1200, 150, 150]);
    expect(train.schema.tasks['income']).toMatchObject({ kind: 'binary', positive: '50000+.' });
  });

  it('census-income, which has no names', async () => {
    const { columns, dataset, parts } = await roundTrip(madeUpCensus(300, 1));
    expect(columns).toHaveLength(42);
    expect(dataset.csv?.missing).toEqual(['?', 'NA']);
    expect(parts.train.size).toBe(240);
    expect(parts.train.schema.tasks['column42']).toMatchObject({ positive: '50000+.' });
  });

  it.runIf(realCensus)('a sample of the real census file, compressed', { tags: ['long'] }, async () => {
    const { dataset, sample } = await describeFile(join(realCensus!, 'census-income.data.br'), { rows: 3000 });
    expect(sample).toMatchObject({ rows: 3000, total: 199_523 });
    expect(dataset.tasks).toEqual({ column42: { kind: 'binary', positive: '50000+.' } });
    expect(dataset.features).toMatchObject({ column1: 'numeric', column5: 'categorical', column40: 'numeric' });
  });

  it('semicolons, with a title', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${20 + draw(i, 50)};${'ABC'[draw(i, 3)]};${i % 3 ? 'nein' : 'ja'}`,
    );
    const { dataset, parts } = await roundTrip(`Kunden 2022\r\nAlter;Stadt;gekauft\r\n${rows.join('\r\n')}`);
    expect(dataset.csv).toEqual({ delimiter: ';', skip: 1 });
    const labels = [
      ...labelsOf(parts.train.arrays, 'gekauft').labels,
      ...labelsOf(parts.test.arrays, 'gekauft').labels,
      ...labelsOf(parts.validation.arrays, 'gekauft').labels,
    ];
    expect(labels.filter((label) => label === 1)).toHaveLength(20);
  });

  it('adult, with blanks after the commas and >50K', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${17 + draw(i, 70)}, ${draw(i, 7) ? 'Private' : '?'}, ${draw(i, 40)}, ${i % 4 ? '<=50K' : '>50K'}`,
    );
    const { parts } = await roundTrip(`age, workclass, hours-per-week, income\n${rows.join('\n')}\n`);
    expect((parts.train.schema.tasks['income'] as BinaryTask).positive).toBe('>50K');
    expect(parts.train.schema.features['workclass']).toEqual({ kind: 'categorical', vocabulary: ['Private'] });
  });

  it.each(['id', 'item_id'])('%s of several rows', async (id) => {
    const rows = Array.from({ length: 300 }, (_, i) => `p${draw(i, 120)},${draw(i, 90)},${draw(i, 2)}`);
    const { suggestions } = await roundTrip(`${id},score,clicked\n${rows.join('\n')}`);
    expect(suggestions.map(({ kind }) => kind)).toEqual(id === 'id' ? ['rows-of-one-id'] : []);
  });

  it('a log with ids and dates, also by the splits that are suggested', async () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) =>
        `${i + 500},u${draw(i, 120)},2022-05-${String(1 + Math.floor(i / 12)).padStart(2, '0')},` +
        `red|xl,${draw(i, 9)}.5,${Number(draw(i, 5) === 0)}`,
    );
    const { dataset, parts, suggestions } = await roundTrip(
      `event_id,user_id,day,tags,price,clicked\n${rows.join('\n')}`,
    );
    expect(Object.keys(dataset.features)).toEqual(['user_id', 'day', 'price']);
    expect(parts.train.size).toBe(240);
    const splits = suggestions.filter(({ remedy }) => remedy);
    expect(splits.map(({ remedy }) => remedy!.describe.split!.kind)).toEqual(['time', 'random']);
    for (const { message, remedy } of splits) {
      expect(JSON.parse(/"split": (\{.*?\})/.exec(message)![1]!)).toEqual(remedy!.describe.split);
      expect((await partsOf({ ...dataset, ...remedy!.describe } as DatasetDocument)).train.size).toBeGreaterThan(200);
    }
  });

  it('what is no UTF-8, in the encoding that was found', async () => {
    const text = `city,y\n${'Köln,1\nBonn,0\nUlm,0\n'.repeat(20)}`;
    for (const [encoding, bytes] of [
      ['windows-1252', Buffer.from(text, 'latin1')],
      ['utf-16le', Buffer.from(`\uFEFF${text}`, 'utf16le')],
      ['utf-8', Buffer.from(`\uFEFF${text}`)],
    ] as const) {
      writeFileSync(join(directory, 'rows.csv'), bytes);
      const { dataset } = await describeFile(join(directory, 'rows.csv'), { files: 'rows.csv', tasks: ['y'] });
      expect(dataset.csv).toEqual(encoding === 'utf-8' ? undefined : { encoding });
      const { test } = await partsOf({ ...dataset, features: { city: 'categorical' } });
      expect((test.schema.features['city'] as CategoricalFeature).vocabulary).toContain('Köln');
    }
  });
});

describe('any text', () => {
  it('is described, or refused with an error of ours', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '1', '.', '"', ',', ';', '\n', '\r\n', ' ', '#', '?', 'Ω', '\t', '-'),
      maxLength: 120,
    });
    fc.assert(
      fc.property(text, fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }), (csv, rows) => {
        try {
          const { columns, dataset } = describeCsv(csv, rows === undefined ? {} : { rows });
          expect(columns.every(({ why }) => why.endsWith('.'))).toBe(true);
          expect(JSON.parse(JSON.stringify(dataset))).toEqual(dataset);
        } catch (error) {
          expect(error).toBeInstanceOf(PolytaskError);
        }
      }),
      { numRuns: repetitions(1000) },
    );
  });

  it('that is a table of any columns gives a file that opens, and a schema that a model takes', async () => {
    const cells = fc.constantFrom<((i: number) => fc.Arbitrary<string>)[]>(
      () => fc.integer({ min: -5, max: 300 }).map(String),
      () => fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((x) => x.toFixed(3)),
      () => fc.constantFrom('yes', 'no'),
      () => fc.constantFrom('0', '1', ''),
      () => fc.constantFrom('a', 'b', 'c', 'NA', ''),
      () => fc.constantFrom('a|b', 'b|c|a', 'c', ''),
      () => fc.constantFrom('2022-01-01', '2021-12-31', '5.5.2020'),
      () => fc.constantFrom('1,5', '2,25', '7'),
      () => fc.string({ maxLength: 4 }),
      (i) => fc.constant(String(i)),
    );
    const name = fc.oneof(
      fc.constantFrom('label', 'id', 'user_id', 'is_x', 'a.b', 'shared', '__proto__', 'constructor', ''),
      fc.string({ maxLength: 3 }),
    );
    const table = fc
      .tuple(fc.array(fc.tuple(name, cells), { minLength: 1, maxLength: 6 }), fc.integer({ min: 5, max: 40 }))
      .chain(([columns, rows]) =>
        fc.tuple(
          fc.constant(columns.map(([each]) => each)),
          fc.tuple(...Array.from({ length: rows }, (_, i) => fc.tuple(...columns.map(([, cell]) => cell(i))))),
          fc.constantFrom(',', ';', '\t'),
        ),
      );
    const cases = repetitions(300);
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(table, async ([names, rows, delimiter]) => {
        const text = Papa.unparse([names, ...rows] as string[][], { delimiter });
        let description;
        try {
          description = describeCsv(text, { files: 'rows.csv' });
        } catch (error) {
          expect(error).toBeInstanceOf(PolytaskError);
          return;
        }
        if (!description.complete || description.warnings.some(({ kind }) => kind === 'ragged-rows')) return;
        writeFileSync(join(directory, 'rows.csv'), text);
        let parts;
        try {
          parts = await partsOf(description.dataset);
        } catch (error) {
          // of a few rows, those to train on may all have one label
          expect(String(error)).toMatch(/labels of task ".*" that differ from each other in the training rows/);
          return;
        }
        const { train, validation, test } = parts;
        expect(train.size + validation.size + test.size).toBe(description.sample.rows);
        checkTasks(train.schema.tasks);
        expect(layoutOf(train.schema).places.length).toBe(Object.keys(description.dataset.features).length);
        opened++;
      }),
      { numRuns: cases },
    );
    expect(opened).toBeGreaterThan(cases / 6);
  });
});
