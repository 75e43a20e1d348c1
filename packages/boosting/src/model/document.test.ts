import { expect, test } from 'vitest';
import { boost } from '../boost.ts';
import { censusSample, madeTable, rowsOf } from '../testing/tables.ts';
import { BoostingModel } from './boosting-model.ts';

const { columns, labels } = censusSample();
const model = boost({
  objective: 'binary',
  columns: rowsOf(columns, 0, 800),
  labels: labels.income.slice(0, 800),
  numIterations: 5,
});
const text = JSON.stringify(model);

test('a model comes back from its JSON', () => {
  const again = BoostingModel.fromJSON(JSON.parse(text));
  expect(JSON.stringify(again)).toBe(text);
  const rows = rowsOf(columns, 800, 4500);
  expect(again.predict(rows)).toEqual(model.predict(rows));
  expect(again.featureImportance()).toEqual(model.featureImportance());
  expect([again.objective, again.columns, again.numTrees]).toEqual(['binary', Object.keys(columns), 5]);
});

test('so does one with missing numbers, classes and a validation', () => {
  const { columns, number } = madeTable(1, 300);
  const rows = { columns, labels: number.map((y) => Number(y > 11) + Number(y > 17)) };
  const classes = boost({ objective: 'multiclass', ...rows, numIterations: 3, validation: rows });
  const again = BoostingModel.fromJSON(JSON.parse(JSON.stringify(classes)));
  expect(again.predict(columns)).toEqual(classes.predict(columns));
  expect(again.validationLoss).toEqual(classes.validationLoss);
});

type Damage = (document: ReturnType<BoostingModel['toJSON']>) => unknown;
const first = (document: Parameters<Damage>[0]) =>
  document.trees[0]! as { -readonly [K in keyof (typeof document.trees)[0]]: never };
test.each<[string, Damage, string]>([
  ['another format', (d) => ({ ...d, format: 'x' }), 'for format'],
  ['a later version', (d) => ({ ...d, version: 2 }), 'for version'],
  ['an unknown field', (d) => ({ ...d, extra: 1 }), '"extra"'],
  ['no columns', (d) => ({ ...d, columns: [] }), 'for columns'],
  ['a column without bins', (d) => ({ ...d, columns: [{ name: 'age' }] }), 'thresholds or categories of column "age"'],
  [
    'a column twice',
    (d) => ({ ...d, columns: d.columns.map((c) => ({ ...c, name: 'age' })) }),
    'columns with different names',
  ],
  ['thresholds in disorder', (d) => ({ ...d, columns: [{ name: 'age', thresholds: [2, 1] }] }), 'ascending'],
  ['a category twice', (d) => ({ ...d, columns: [{ name: 's', categories: ['a', 'a'] }] }), 'different categories'],
  ['too many scores', (d) => ({ ...d, start: [0, 0] }), 'as many trees in a round'],
  ['a number that is none', (d) => ({ ...d, start: [null] }), 'for start[0]'],
  ['lists of other lengths', (d) => ((first(d).gain as number[]).pop(), d), 'the same number of splits in trees[0]'],
  ['a circle', (d) => (((first(d).children as number[])[5] = 0), d), 'a tree in trees[0].children'],
  ['a leaf that is not there', (d) => (((first(d).children as number[])[5] = -99), d), 'a tree in trees[0].children'],
  ['two parents', (d) => (((first(d).children as number[])[0] = (first(d).children as number[])[1]!), d), 'a tree in'],
  [
    'a column that is not there',
    (d) => (((first(d).column as number[])[0] = 99), d),
    'a column of the model in trees[0].column[0]',
  ],
  ['a bin that is not there', (d) => (((first(d).left as unknown[])[0] = [255]), d), 'in trees[0].left[0]'],
  ['no tree', (d) => ({ ...d, trees: [null] }), 'trees[0]'],
  ['no object', () => null, 'received null'],
])('%s is an error', (_, damage, message) => {
  const damaged = damage(JSON.parse(text) as ReturnType<BoostingModel['toJSON']>);
  expect(() => BoostingModel.fromJSON(damaged)).toThrow(message);
});
