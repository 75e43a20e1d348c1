import { binary } from '@polytask/core';
import { expect, it } from 'vitest';
import { categorical, hashed } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import { sameEntities } from './same-entities.ts';

const ROWS = 400;
const table = fromRows(
  Array.from({ length: ROWS }, (_, i) => ({
    ...{ user_id: `u${i % 40}`, state: `s${i % 50}`, age_group: `a${i % 5}`, event_id: `e${i}`, click: i % 3 ? 0 : 1 },
  })),
  {
    features: { user: hashed({ from: 'user_id', buckets: 99 }), event_id: categorical(), age_group: categorical() },
    tasks: { click: binary() },
    keep: ['state'],
  },
);
const rows = (isIn: (i: number) => boolean) => table.subset(Array.from({ length: ROWS }, (_, i) => i).filter(isIn));
const parts = (isTest: (i: number) => boolean) => ({
  train: rows((i) => !isTest(i)),
  validation: rows(() => false),
  test: rows(isTest),
});

it('names columns of names with many rows that are on both sides, and no categories or names of rows', () => {
  expect(sameEntities(parts((i) => i >= 300))).toEqual([
    {
      ...{ kind: 'same-entities', severity: 'warning', about: { part: 'test' } },
      evidence: { columns: ['user_id'], share: 1 },
      message:
        '100% of the test rows have a value of "user_id" that training rows have, too. The scores say little on rows with ' +
        'new values. To keep the rows of a value in one part, split by groups: `{ "split": { "kind": "random", "groupBy": "user_id" } }`.',
      remedy: { dataset: { split: { kind: 'random', groupBy: 'user_id' } } },
    },
  ]);
});

it('is silent where each user is in one part', () => {
  expect(sameEntities(parts((i) => i % 40 < 10))).toEqual([]);
});

it('takes the word of the caller for a column, whatever its name', () => {
  const found = (named: string) => sameEntities(parts((i) => i % 40 < 10), named).map(({ evidence }) => evidence['columns']); // prettier-ignore
  expect(found('state')).toEqual([['state']]);
  expect(found('age_group')).toEqual([['age_group']]);
});

it('looks at the validation rows where there are no test rows', () => {
  const { train, test } = parts((i) => i >= 300);
  const [warning] = sameEntities({ train, validation: test, test: rows(() => false) });
  expect(warning).toMatchObject({ about: { part: 'validation' } });
  expect(sameEntities({ train, validation: rows(() => false), test: rows(() => false) })).toEqual([]);
});
