import { binary, multiclass, regression } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, hashed, multiValued, numeric, vector } from '../declarations/kinds.ts';
import { fitSchema } from './fit-schema.ts';
import { fromRows } from '../table/from-rows.ts';
import { rawFeatures, rawLabels } from './raw-rows.ts';

const rows = [
  { code: '007', age: 0.1, tags: ['a', 'b'], xy: [1, 2], p: 3, q: 4, cost: 130, sex: 'f', late: 1, trust: 0.1 },
  { code: null, age: null, tags: [], xy: [0.5, 0], p: 5, q: 6, cost: null, sex: 'm', late: 0, trust: 2 },
  { code: 'new', age: 3e7, tags: ['c'], xy: [0, 0], p: 7, q: 8, cost: 0, sex: 'f', late: null, trust: 3 },
];
const table = fromRows(rows, {
  features: {
    code: categorical(),
    id: hashed({ from: 'code', buckets: 2 }),
    years: numeric({ from: 'age', log: true }),
    tags: multiValued({ separator: ';' }),
    xy: vector({ width: 2 }),
    pair: vector({ columns: ['p', 'q'] }),
  },
  tasks: { cost: regression({ log: true, weightFrom: 'trust' }), sex: multiclass(), late: binary() },
});

it('gives the cells of each form, by the names of the features', () => {
  expect(rawFeatures(table, 0, 3)).toEqual([
    { name: 'code', kind: 'text', values: ['007', null, 'new'] },
    { name: 'id', kind: 'text', values: ['007', null, 'new'] },
    { name: 'years', kind: 'number', values: [0.1, null, 3e7] },
    { name: 'tags', kind: 'text', values: ['a;b', '', 'c'] },
    { name: 'xy[0]', kind: 'number', values: [1, 0.5, 0] },
    { name: 'xy[1]', kind: 'number', values: [2, 0, 0] },
    { name: 'pair[0]', kind: 'number', values: [3, 5, 7] },
    { name: 'pair[1]', kind: 'number', values: [4, 6, 8] },
  ]);
  expect(rawFeatures(table, 1, 2)[2]).toEqual({ name: 'years', kind: 'number', values: [null] });
});

it('gives labels in their own unit, and their weights', () => {
  const { tasks } = fitSchema(table);
  expect(rawLabels(table, 'cost', tasks.cost, 0, 3)).toEqual({ labels: [130, null, 0], weights: [0.1, 0, 3] });
  expect(rawLabels(table, 'sex', tasks.sex, 1, 3)).toEqual({ labels: [1, 0], weights: [1, 1] });
  expect(rawLabels(table, 'late', tasks.late, 0, 3)).toEqual({ labels: [1, 0, null], weights: [1, 1, 0] });
});
