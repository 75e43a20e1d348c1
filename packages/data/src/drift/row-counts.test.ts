import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  binary,
  defineNetwork,
  fusion,
  multiclass,
  multiTaskModel,
  randomStream,
  rowEncoder,
  save,
  type Row,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import * as data from '../index.ts';
import { RowCounts, type ColumnDrift } from './row-counts.ts';
import { profileRows, readProfile, writeProfile } from './row-profile.ts';
import { rawValues } from './watched-columns.ts';

beforeAll(() => tf.setBackend('cpu'));

const STATES = ['Utah', 'Ohio', 'Iowa'];

/** @param change of the values of a row, from its draws */
function rowsOf(seed: number, size: number, change: (row: Row, draw: number) => Row = (row) => row): Row[] {
  const draws = randomStream(seed, 'rows').uniform(6 * size);
  return Array.from({ length: size }, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = draws.subarray(6 * i, 6 * i + 6);
    const row: Row = {
      age: a < 0.1 ? null : Math.round(20 + 40 * b),
      income: Math.exp(5 * c),
      state: d < 0.05 ? null : STATES[Math.floor(d * 3)]!,
      street: `street ${Math.floor(e * 50)}`,
      hobbies: a < 0.2 ? null : b < 0.5 ? 'chess|golf' : 'chess',
      seen: f < 0.1 ? null : `2024-0${1 + Math.floor(8 * f)}-11`,
      views: c < 0.5 ? 'a|b' : 'b',
      hours: c < 0.5 ? '1|2.5' : '3',
      x: [a, f],
    };
    return change(row, e);
  });
}

const declaration = {
  features: {
    age: data.numeric(),
    income: data.piecewiseLinear(),
    state: data.categorical(),
    street: data.hashed({ buckets: 20 }),
    hobbies: data.multiValued({ separator: '|' }),
    seen: data.date(),
    views: data.idSequence({ separator: '|', maxLength: 4 }),
    hours: data.sideColumn({ of: 'views', separator: '|', values: data.numeric() }),
    x: data.vector({ width: 2 }),
  },
  tasks: { rich: binary(), kind: multiclass({ classes: ['a', 'b'] }) },
};
const tableOf = (rows: readonly Row[]) =>
  data.fromRows(
    rows.map((row) => ({ ...row, rich: 0, kind: 'a' })),
    declaration,
  );

const train = tableOf(rowsOf(1, 3000));
const linear = defineNetwork('linear-of-drift', () => fusion([]));
const model = multiTaskModel({ schema: data.fitSchema(train), network: linear({}), seed: 1 });
const profile = profileRows(model, train, tableOf(rowsOf(2, 500)));

async function driftOf(rows: readonly Row[]): Promise<Record<string, ColumnDrift>> {
  const counts = new RowCounts(model.schema, await profile);
  const table = tableOf(rows);
  const batch = data.encode(table, model.schema).arrays;
  counts.add({ batch, raw: rawValues(table) });
  counts.addPredictions(model.predict(batch));
  expect(counts.rows).toBe(rows.length);
  const { features, predictions } = counts.drift();
  return Object.fromEntries([...features, ...predictions].map((each) => [each.name, each]));
}

describe('RowCounts', () => {
  it('says what the numbers of a date are, and that later dates are unseen in the trend', async () => {
    const drift = await driftOf(rowsOf(3, 100, (row) => ({ ...row, seen: '2026-03-11' })));
    const names = ['trend', 'sine of the year', 'cosine of the year', 'sine of the week', 'cosine of the week'];
    const numbers = names.map((name) => drift[`seen (${name})`]!);
    expect(numbers.map(({ date }) => date!.part)).toEqual(['trend', 'year', 'year', 'week', 'week']);
    expect(numbers[0]).toMatchObject({ of: 'seen', date: { parts: ['trend', 'year', 'week'] }, unseen: { now: 1 } });
    expect(drift['age']).toMatchObject({ of: 'age', date: undefined });
    expect([drift['x[1]']!.of, drift['kind_a']!.of]).toEqual(['x', 'kind']);
  });

  it('finds no drift in other rows of the same source, and counts exactly', async () => {
    const rows = rowsOf(3, 1000);
    const drift = await driftOf(rows);
    const names = ['age', 'income', 'state', 'street', 'hobbies', 'seen', 'views', 'hours', 'x[0]', 'x[1]'];
    expect(Object.keys(drift)).toEqual(expect.arrayContaining([...names.filter((name) => name !== 'seen'), 'rich']));
    expect(Object.keys(drift).filter((name) => name.startsWith('kind'))).toEqual(['kind_a', 'kind_b']);
    for (const { name, psi, limit, verdict } of Object.values(drift)) {
      expect([name, verdict]).toEqual([name, 'stable']);
      expect(psi).toBeLessThanOrEqual(limit);
    }
    const missing = rows.filter(({ age }) => age === null).length;
    expect(drift['age']!.missing.now).toBe(missing / rows.length);
    const ages = rows.flatMap(({ age }) => (age === null ? [] : [Number(age)]));
    expect(drift['age']!.mean!.now).toBeCloseTo(
      ages.reduce((sum, age) => sum + age / ages.length, 0),
      9,
    );
    expect(drift['hobbies']!.missing.now).toBeGreaterThan(0.1);
    expect(drift['street']!.unseen.now).toBeNaN(); // any text has a bucket
    expect(drift['state']!.missing.then).toBeCloseTo(0.05, 1);
    expect(drift['seen (trend)']!.missing.now).toBe(rows.filter(({ seen }) => seen === null).length / rows.length);
  });

  it('finds other units, missing values, unseen ids and another mixture, each in its feature only', async () => {
    const changes: readonly [string, (row: Row, draw: number) => Row][] = [
      ['age', (row) => ({ ...row, age: row['age'] === null ? null : 12 * Number(row['age']) })],
      ['income', (row, draw) => (draw < 0.4 ? { ...row, income: null } : row)],
      ['state', (row, draw) => (draw < 0.3 ? { ...row, state: 'Mars' } : row)],
      ['hobbies', (row, draw) => (draw < 0.6 ? { ...row, hobbies: 'golf' } : row)],
      ['x[1]', (row) => ({ ...row, x: [(row['x'] as number[])[0]!, 0.5 + (row['x'] as number[])[1]! / 2] })],
    ];
    for (const [name, change] of changes) {
      const drift = await driftOf(rowsOf(4, 1000, change));
      const found = Object.values(drift).filter(({ verdict }) => verdict !== 'stable');
      expect(found.map((each) => each.name).filter((each) => !/^(rich|kind)/.test(each))).toEqual([name]);
      if (name === 'age') {
        expect(drift['age']!.unseen.now).toBeGreaterThan(0.89);
        expect(drift['age']!.mean!.now / drift['age']!.mean!.then).toBeCloseTo(12, 0);
      }
      if (name === 'income') expect(drift['income']!.missing.now).toBeCloseTo(0.4, 1);
      if (name === 'state') expect(drift['state']!.unseen.now).toBeCloseTo(0.3, 1);
    }
  });

  it('calls the drift of few rows noise, and counts without a profile', async () => {
    const few = await driftOf(rowsOf(5, 10));
    expect(Object.values(few).filter(({ verdict }) => verdict === 'large' || verdict === 'moderate')).toEqual([]);
    const counts = new RowCounts(model.schema);
    const rows = rowsOf(6, 100, (row, draw) => (draw < 0.5 ? { ...row, state: 'Mars' } : row));
    counts.add({ batch: rowEncoder(model.schema)(rows), raw: (feature) => (row) => rows[row]![feature] });
    const [age, , state] = counts.drift().features;
    expect(age).toMatchObject({ name: 'age', verdict: 'unknown', psi: NaN, values: 100 });
    expect(age!.missing.now).toBe(rows.filter((row) => row['age'] === null).length / 100);
    expect(state!.unseen.now).toBe(rows.filter((row) => row['state'] === 'Mars').length / 100);
  });

  it('counts the rows of a request as those of a table, and adds up', async () => {
    const rows = rowsOf(7, 400);
    const reference = await profile;
    const table = tableOf(rows);
    const [ofTable, ...parts] = [0, 1, 2].map(() => new RowCounts(model.schema, reference));
    ofTable!.add({ batch: data.encode(table, model.schema).arrays, raw: rawValues(table) });
    for (const [i, part] of parts.entries()) {
      const own = rows.slice(200 * i, 200 * i + 200);
      part.add({ batch: rowEncoder(model.schema)(own), raw: (feature) => (row) => own[row]![feature] });
    }
    const added = parts[0]!.drift(parts[1]!).features;
    for (const [i, { mean, ...each }] of ofTable!.drift().features.entries()) {
      expect(added[i]).toMatchObject(each);
      if (mean) expect(added[i]!.mean!.now).toBeCloseTo(mean.now, 9);
    }
  });
});

describe('profile.json', () => {
  it('comes back as it was, belongs to one model, and notices changes', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'polytask-profile-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await expect(writeProfile(folder, await profile)).rejects.toThrow('Pass the folder of a trained model.');
    await save(model, folder);
    expect(await readProfile(folder)).toBeUndefined();
    await writeProfile(folder, await profile);
    expect(await readProfile(folder)).toEqual(JSON.parse(JSON.stringify(await profile)));
    const file = path.join(folder, 'profile.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"counts":[', '"counts":[1,'));
    await expect(readProfile(folder)).rejects.toThrow(/changed after it was written.*pass rows of the training/);
    await writeProfile(folder, { features: { age: { edges: [3], counts: [1, 2, 3, 4, 5] } }, predictions: {} });
    await expect(readProfile(folder)).rejects.toThrow(
      `a profile as JSON in ${file} was changed after it was written. Expected 4 counts in features.age, received 5. Remove the file, and pass rows of the training as reference.`,
    );
    await writeFile(file, text);
    await save(multiTaskModel({ ...model.config, seed: 2 }), folder);
    expect(await readProfile(folder)).toBeUndefined();
  });
});
