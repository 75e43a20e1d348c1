import { binary, multiclass, randomStream, regression, type Task } from '@polytask/core';
import { buckets, text } from '@polytask/core/features';
import { multiLabel, ordinal, survival } from '@polytask/core/tasks';
import { describe, expect, it } from 'vitest';
import { categorical, hashed, multiValued, numeric, type FeatureDeclaration } from '../declarations/kinds.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { duplicatedRows } from './duplicated-rows.ts';
import { inspect, missingClasses } from './inspect.ts';
import { leaks } from './leaks.ts';

const ROWS = 400;
const noise = randomStream(1, 'noise').normal(ROWS * 2);
const people = Array.from({ length: ROWS }, (_, i) => {
  const click = Number(i % 5 === 0);
  return {
    age: noise[i]!,
    id: `id${i}`,
    state: `s${i % 3}`,
    paid: click === 1 ? 10 + Math.abs(noise[i]!) : -Math.abs(noise[i]!),
    how: click === 1 ? 'tap' : i % 2 ? 'none' : 'scrolled',
    minutes: 60 * noise[ROWS + i]!,
    click,
    hours: noise[ROWS + i]!,
    stars: ['low', 'high'][i % 2],
  };
});
const tasks = { click: binary(), hours: regression(), stars: multiclass() };

describe('leaks', () => {
  it('names the features that tell a label, and none that can not', () => {
    const features = {
      age: numeric(),
      id: categorical(),
      hash: hashed({ from: 'id', buckets: 1e6 }),
      state: categorical(),
      paid: numeric(),
      how: categorical(),
      minutes: numeric(),
    };
    const table = fromRows(people, { features, tasks });
    const warnings = leaks(encode(table, fitSchema(table)));
    expect(warnings.map(({ about }) => [about.task, about.column])).toEqual([
      ['click', 'paid'],
      ['click', 'how'],
      ['hours', 'minutes'],
    ]);
    expect(warnings[0]!.message).toBe(
      'Feature "paid" alone tells the labels of task "click" (1.0000 of 1): it may come from them.',
    );
  });

  const z = Array.from(randomStream(2, 'leaks').normal(2400));
  const CLASSES = ['low', 'middle', 'high'];
  const rows = Array.from({ length: 800 }, (_, i) => ({
    ...{ noise: z[i]!, z: z[800 + i]!, word: `w${i % 7}`, p: i % 2, q: Number(z[1600 + i]! > 0) },
    ...{ far: Number(Math.abs(z[800 + i]!) > 1), xor: Number((i % 2 === 1) !== z[1600 + i]! > 0) },
    ...{ class: CLASSES[(i * i) % 3 ? i % 3 : 0], copy: `c${(i * i) % 3 ? i % 3 : 0}` },
    ...{ note: `the order w${i % 7} came${i % 5 ? '' : ' refund'} late w${i % 11}`, returned: Number(i % 5 === 0) },
    ...{ tags: i % 3 ? `a|b${i % 2}` : 'b0', parts: i % 3 ? `k|l${i % 2}` : 'l0' },
    ...{ days: 1 + Math.abs(z[i]!), end: Number(i % 4 === 0), state: i % 4 ? 'lives' : 'gone' },
  }));
  const leaksOf = (features: Record<string, FeatureDeclaration>, task: string, declared: Task) => {
    const table = fromRows(rows, {
      features: { noise: numeric(), word: categorical(), ...features },
      tasks: { [task]: declared },
    });
    return leaks(encode(table, fitSchema(table))).map(({ about, evidence }) =>
      about.column === undefined ? (evidence['columns'] as string[]).toSorted() : about.column,
    );
  };

  it.each<[string, string, string, Task, Record<string, FeatureDeclaration>]>([
    ['a copy of three classes', 'copy', 'class', multiclass(), { copy: categorical() }],
    ['a copy of grades', 'copy', 'class', ordinal({ classes: CLASSES }), { copy: categorical() }],
    ['a word of a text', 'note', 'returned', binary(), { note: text() }],
    ['a list', 'parts', 'tags', multiLabel(), { parts: multiValued() }],
    ['a copy of an event', 'state', 'days', survival({ event: 'end' }), { state: categorical() }],
    ['numbers outside a range', 'z', 'far', binary(), { z: numeric() }],
    ['buckets', 'z', 'far', binary(), { z: buckets({ edges: [-1, 1] }) }],
  ])('finds %s', (_, feature, task, declared, features) => {
    expect(leaksOf(features, task, declared)).toEqual([feature]);
    expect(leaksOf({}, task, declared)).toEqual([]);
  });

  it('finds two categories that tell the label together', () => {
    const [p, q] = [categorical(), categorical()];
    expect(leaksOf({ p, q }, 'xor', binary())).toEqual([['p', 'q']]);
    expect(leaksOf({ p }, 'xor', binary())).toEqual([]);
  });

  it('is not taken in by a rare label: what says no to all tells nothing', () => {
    const rare = people.map((row, i) => ({ ...row, click: Number(i < 20), state: 'same' }));
    const table = fromRows(rare, { features: { state: categorical(), age: numeric() }, tasks: { click: binary() } });
    expect(leaks(encode(table, fitSchema(table)))).toEqual([]);
  });
});

describe('duplicatedRows', () => {
  const table = fromRows(people, { features: { age: numeric(), state: categorical() }, tasks });
  const encoded = encode(table, fitSchema(table));
  const rows = (from: number, to: number) => encoded.subset(Array.from({ length: to - from }, (_, i) => from + i));

  it('counts the rows that both parts have, labels and all', () => {
    expect(duplicatedRows(['test', rows(300, 400)], rows(0, 300))).toEqual([]);
    expect(duplicatedRows(['test', rows(280, 400)], rows(0, 300))).toEqual([
      {
        ...{ kind: 'duplicated-rows', severity: 'warning', about: { part: 'test' } },
        evidence: { count: 20, rows: 120, expected: expect.closeTo(0.0076, 4) as number },
        message: '20 of 120 test rows (16.7%) are exact duplicates of training rows.',
      },
    ]);
    const other = fromRows(
      people.map((row) => ({ ...row, click: 1 - row.click })),
      { features: { age: numeric(), state: categorical() }, tasks },
    );
    expect(duplicatedRows(['test', encode(other, encoded.schema)], encoded)).toEqual([]);
  });

  it('says nothing of rows of few different values, which repeat by chance', () => {
    const draw = randomStream(1, 'draws').uniform(3 * 400);
    const few = Array.from({ length: 400 }, (_, i) => ({
      ...{ doctors: Math.floor(4 * draw[3 * i]!), ill: Math.floor(3 * draw[3 * i + 1]!) },
      click: Number(draw[3 * i + 2]! < 0.5),
    }));
    const coarse = fromRows(few, {
      features: { doctors: numeric(), ill: numeric() },
      tasks: { click: binary() },
    });
    const all = encode(coarse, fitSchema(coarse));
    const part = (from: number, to: number) => all.subset(Array.from({ length: to - from }, (_, i) => from + i));
    expect(duplicatedRows(['test', part(300, 400)], part(0, 300))).toEqual([]);
  });
});

describe('missingClasses', () => {
  const declared = { ...tasks, stars: multiclass({ classes: ['low', 'high', 'top'] }) };
  const table = fromRows(people, { features: { age: numeric() }, tasks: declared });
  const encoded = encode(table, fitSchema(table));

  it('names the classes that a part lacks, and tasks without any label', () => {
    const found = missingClasses('test', encoded.subset([1, 3])).map(({ about, evidence }) => [
      about.task,
      evidence['classes'],
    ]);
    expect(found).toEqual([
      ['click', ['yes']],
      ['stars', ['low', 'top']],
    ]);
    const [, { message } = { message: '' }] = missingClasses('test', encoded.subset([1, 3]));
    expect(message).toBe('The test rows have no row of any of 2 classes ("low", "top") of task "stars".');
    const none = fromRows(
      people.map((row) => ({ ...row, hours: null })),
      { features: { age: numeric() }, tasks: declared },
    );
    expect(missingClasses('validation', encode(none, encoded.schema))[0]!.message).toBe(
      'The validation rows have no label of task "hours".',
    );
  });

  it('names the labels that no row of a part has', () => {
    const rows = ['a|b', 'b', 'c', ''].map((tags, x) => ({ x, tags }));
    const table = fromRows(rows, { features: { x: numeric() }, tasks: { tags: multiLabel() } });
    const part = encode(table, fitSchema(table)).subset([0, 1, 3]);
    expect(missingClasses('test', part).map(({ message }) => message)).toEqual([
      'The test rows have no row with label "c" of task "tags".',
    ]);
    expect(leaks(part)).toEqual([]);
  });

  it('is part of inspect, with the others; parts without rows are no matter', () => {
    const parts = { train: encoded, validation: encoded.subset([]), test: encoded.subset([1, 3]) };
    expect(inspect(parts).map(({ kind }) => kind)).toEqual([
      'duplicated-rows',
      'missing-class',
      'missing-class',
      'missing-class',
    ]);
  });
});
