import { expect, test } from 'vitest';
import { describeFile } from '../describe/describe.ts';
import { describeCsv } from '../describe/describe.ts';

const file = (name: string, text: string) => new File([text], name);
const rows = (from: number, to: number, line: (row: number) => string) =>
  Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('');
const line = (row: number) => `${(row * 7) % 31},${['Utah', 'Ohio'][row % 2]},${row % 3 === 0 ? 'yes' : 'no'}`;
const HEADER = 'age,state,rich\n';

test('several files are described as one table, but for their names', async () => {
  const parts = [file('a.csv', HEADER + rows(0, 30, line)), file('b.csv', HEADER + rows(30, 80, line))];
  const { dataset, columns, tasks, sample } = await describeFile(parts);
  const whole = describeCsv(HEADER + rows(0, 80, line));
  expect(dataset).toEqual({ ...whole.dataset, files: ['a.csv', 'b.csv'] });
  expect([columns, tasks, sample]).toEqual([whole.columns, whole.tasks, whole.sample]);
});

test('columns in another order are those of the same name', async () => {
  const turned = (row: number) => line(row).split(',').reverse().join(',');
  const parts = [file('a.csv', HEADER + rows(0, 30, line)), file('b.csv', `rich,state,age\n${rows(30, 80, turned)}`)];
  expect((await describeFile(parts)).columns).toEqual(describeCsv(HEADER + rows(0, 80, line)).columns);
});

test('each file has its share of a sample', async () => {
  const parts = [
    file('a.csv', HEADER + rows(0, 100, () => '1,a,yes')),
    file('b.csv', HEADER + rows(0, 300, () => '2,b,no')),
  ];
  const { sample, columns } = await describeFile(parts, { rows: 60 });
  expect(sample).toMatchObject({ rows: 80, total: 400 }); // 20 of a hundred and 60 of three hundred
  expect(columns.map(({ name, distinct }) => [name, distinct])).toEqual([
    ['age', 2],
    ['state', 2],
    ['rich', 2],
  ]);
});

test.each([
  ['age,rich\n1,yes\n2,no\n', 'Expected the columns of a.csv in b.csv, received none named state.'],
  [`age,state,rich,id\n1,Utah,yes,3\n`, 'received further ones named id.'],
  ['age;state;rich\n1;Utah;yes\n2;Ohio;no\n', 'Pass the delimiter, the header and the encoding if a guess is wrong'],
])('%j is no part of the table', async (text, message) => {
  const parts = [file('a.csv', HEADER + rows(0, 30, line)), file('b.csv', text)];
  await expect(describeFile(parts)).rejects.toThrow(message);
});
