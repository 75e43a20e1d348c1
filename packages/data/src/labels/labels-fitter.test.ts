import { labelsOf, type Tasks } from '@polytask/core';
import { multiLabel } from '@polytask/core/tasks';
import { expect, it } from 'vitest';
import { readCsv } from '../csv/read-csv.ts';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import type { Table } from '../table/table.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { labelReader } from './index.ts';

const fit = <T extends Tasks>(table: Table<T>) => encode(table, fitSchema(table));
const csv = (text: string) => new Blob([text]);
const films = `year,genres,weight
1990,drama|war,1
1991,,1
1992,|,1
1993, war | comedy |war,2
1994,?,1
`;
const features = { year: numeric() };
const read = (task: ReturnType<typeof multiLabel>, text = films) =>
  readCsv(csv(text), { features, tasks: { genres: task }, missing: ['?'] });

it('finds labels and their shares, and reads cells as bit masks', async () => {
  const table = await read(multiLabel({ weightFrom: 'weight' }));
  const { schema, arrays } = fit(table);
  const { labels, fitted } = schema.tasks.genres;
  expect(labels).toEqual(['comedy', 'drama', 'war']);
  expect(fitted!.shares).toEqual([2 / 4, 1 / 4, 3 / 4]); // of the weights 1, 1 and 2
  expect([...labelsOf(arrays, 'genres').labels]).toEqual([0b110, 0, 0, 0b101, 0]);
  expect([...labelsOf(arrays, 'genres').weights]).toEqual([1, 0, 1, 2, 0]); // a cell with the separator only has none of the labels
});

it('an empty cell can mean that a row has none of the labels, beside markers of missing ones', async () => {
  const { arrays } = fit(await read(multiLabel({ empty: 'none' })));
  expect([...labelsOf(arrays, 'genres').weights]).toEqual([1, 1, 1, 1, 0]);
  const table = fromRows(
    [null, '', [], ['b'], NaN, ['a', null]].map((tags) => ({ year: 1, tags })),
    { features, tasks: { tags: multiLabel({ empty: 'none', labels: ['a', 'b'] }) } },
  );
  expect([...Array(6).keys()].map(labelReader(table, 'tags', table.tasks.tags))).toEqual([NaN, 0, 0, 2, NaN, 1]);
});

it('reads numbers as labels, in their order, and a column beside a feature of the same name', () => {
  const table = fromRows(
    [
      { x: 'u|v', tags: [10, 9] },
      { x: 'v', tags: [9] },
    ],
    {
      features: { tags: multiValued({ from: 'x' }) },
      tasks: { tags: multiLabel() },
    },
  );
  const { schema, arrays } = fit(table);
  expect(schema.tasks.tags.labels).toEqual(['9', '10']);
  expect([...labelsOf(arrays, 'tags').labels]).toEqual([3, 1]);
  expect(schema.features['tags']).toMatchObject({ values: { vocabulary: ['v', 'u'] } });
});

it('other rows keep the order of the labels', () => {
  const declared = { features: { x: categorical() }, tasks: { tags: multiLabel() } };
  const train = fit(
    fromRows(
      [
        { x: 'u', tags: 'c|b' },
        { x: 'v', tags: 'a' },
      ],
      declared,
    ),
  );
  const test = fromRows(
    [
      { x: 'u', tags: 'b' },
      { x: 'u', tags: 'c|a' },
    ],
    declared,
  );
  expect([...labelsOf(encode(test, train.schema).arrays, 'tags').labels]).toEqual([0b010, 0b101]);
  expect([...labelsOf(encode(test.subset([1]), train.schema).arrays, 'tags').labels]).toEqual([0b101]);
});

it('labels that are not declared are an error with their line, or are left out', async () => {
  const labels = ['war', 'drama'];
  const table = await read(multiLabel({ labels }));
  expect(() => fit(table)).toThrow(
    'a label of task "genres" in the Blob, line 5, column "genres", received "comedy". Known: "war", "drama". Declare it',
  );
  const { arrays, schema } = fit(await read(multiLabel({ labels, others: 'left-out' })));
  expect([...labelsOf(arrays, 'genres').labels]).toEqual([0b11, 0, 0, 0b01, 0]);
  expect(schema.tasks.genres.fitted!.shares).toEqual([2 / 3, 1 / 3]);
});

it('refuses more labels than a bit mask holds, and fewer than two', () => {
  const rows = (tags: readonly string[]) =>
    fromRows(
      tags.map((tag) => ({ year: 1, tags: tag })),
      { features, tasks: { tags: multiLabel() } },
    );
  const many = Array.from({ length: 25 }, (_, i) => `tag${i}`);
  expect(() => fit(rows([...many, 'tag7']))).toThrow(
    'at most 24 labels of task "tags" in column "tags", received 25; the most frequent are "tag7", "tag0"',
  );
  expect(fit(rows(many.slice(1))).schema.tasks.tags.labels).toHaveLength(24);
  expect(() => fit(rows(['a,b', 'a,b']))).toThrow(
    'two or more labels of task "tags" in column "tags", received only "a,b". Look at the separator, "|"',
  );
  expect(() => fit(rows(['|']))).toThrow('received lists without labels');
  expect(() => fit(rows(['']))).toThrow('a label for task "tags" in at least one training row');
});
