import { labelsOf, type Tasks } from '@polytask/core';
import { survival } from '@polytask/core/tasks';
import { expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, numeric } from '../declarations/kinds.ts';
import { inspect } from '../guards/inspect.ts';
import { fromRows } from '../table/from-rows.ts';
import type { Table } from '../table/table.ts';
import { encode } from '../fitting/encode.ts';
import { fitSchema } from '../fitting/fit-schema.ts';

const features = { plan: categorical() };
const fit = <T extends Tasks>(table: Table<T>) => encode(table, fitSchema(table));
const customers = `plan,days,left
a,3,1
a,8,true
b,8,0
b,20,false
a,0,1
b,0,0
b,,1
a,5,
`;
const read = (task: ReturnType<typeof survival>, text = customers) =>
  parseCsv(text, { features, tasks: { stays: task } });

it('reads a time, negative if the event has not happened, and what says nothing as missing', () => {
  const { arrays, schema } = fit(read(survival({ from: 'days', event: 'left', cuts: [5, 10] })));
  expect([...labelsOf(arrays, 'stays').labels]).toEqual([3, 8, -8, -20, 0, 0, 0, 0]);
  expect([...labelsOf(arrays, 'stays').weights]).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  // up to 5: two of five rows have the event; up to 10: one of three, with the row that is censored at 8, after the middle
  expect(schema.tasks.stays.fitted!.shares).toEqual([2 / 5, 1 / 3]);
});

it('counts no censored row as an event, however short its time', () => {
  const table = read(
    survival({ from: 'days', event: 'left', cuts: [0.3] }),
    'plan,days,left\na,0.2,1\na,0.9,0\nb,0.5,0\n',
  );
  expect(fit(table).schema.tasks.stays.fitted!.shares).toEqual([1 / 3]);
});

it('finds cut points that divide the events into equal parts, by sample weight', () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({
    plan: 'a',
    days: 1 + (i % 20),
    left: Number(i < 20),
    weight: 1,
  }));
  const tasks = (cuts: number) => ({ stays: survival({ from: 'days', event: 'left', cuts, weightFrom: 'weight' }) });
  const cutsOf = (cuts: number, of = rows) =>
    fitSchema(fromRows(of, { features, tasks: tasks(cuts) })).tasks.stays.cuts;
  expect(cutsOf(3)).toEqual([5, 10, 15]); // quarters of the events at 1, 2, …, 20
  expect(cutsOf(1)).toEqual([10]);
  expect(cutsOf(19)).toEqual([...Array(19).keys()].map((i) => i + 1));
  expect(cutsOf(100)).toHaveLength(20); // no more than there are times
  const heavy = rows.map((row) => ({ ...row, weight: row.days === 7 ? 100 : 1 }));
  expect(cutsOf(3, heavy)).toEqual([7]); // three quantiles are one time
});

it('refuses what is no time, no event, and what nobody can know', () => {
  const task = survival({ from: 'days', event: 'left', cuts: [5] });
  expect(() => fit(read(task, 'plan,days,left\na,-3,1\n'))).toThrow(
    'a time of 0 or more as the label of task "stays" in the text, line 2, column "days", received -3.',
  );
  expect(() => fit(read(task, 'plan,days,left\na,3,gone\n'))).toThrow(
    'an empty cell for the event of task "stays" in the text, line 2, column "left", received "gone". ' +
      'Say what means that it happened: survival({ event: "left", positive: "gone" })',
  );
  expect(() => fit(read(task, 'plan,days,left\na,3,0\na,0,1\n'))).toThrow(
    'a training row of task "stays" with the event, after time 0, received none. Look at column "left"',
  );
  const late = survival({ from: 'days', event: 'left', cuts: [5, 10, 400] });
  expect(() => fit(read(late))).toThrow('is known to reach cut point 400, received none. Leave that cut point out');
  expect(() => parseCsv(customers, { features: { left: numeric() }, tasks: { stays: task } })).toThrow(
    'column "left" as the label and as feature "left". Take "left" out of the features',
  );
});

it('a part in which nobody has the event is a warning', () => {
  const encoded = fit(read(survival({ from: 'days', event: 'left', cuts: [5] })));
  const [warning] = inspect({ train: encoded, validation: encoded.subset([]), test: encoded.subset([2, 3]) }).filter(
    ({ kind }) => kind === 'missing-class',
  );
  expect(warning!.message).toBe('The test rows have no event of task "stays": all are censored.');
});
