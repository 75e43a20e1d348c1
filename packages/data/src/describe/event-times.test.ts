import { expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { fitSchema } from '../fitting/fit-schema.ts';
import { numeric } from '../declarations/kinds.ts';
import { survival } from '@polytask/core/tasks';
import { describeCsv as describeText } from './describe.ts';
import type { Description } from './description.ts';

/** Describes a text without saying that it is small, as all tables here are. */
const describeCsv = (...given: Parameters<typeof describeText>): Description => {
  const described = describeText(...given);
  return { ...described, warnings: described.warnings.filter(({ kind }) => kind !== 'few-labels') };
};

const ROWS = 300;
type Cell = (row: number) => string | number;

function textOf(columns: Readonly<Record<string, Cell>>): string {
  const lines = Array.from({ length: ROWS }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')); // prettier-ignore
  return [Object.keys(columns).join(','), ...lines].join('\n');
}
const describe = (columns: Readonly<Record<string, Cell>>, tasks?: readonly string[]) =>
  describeCsv(textOf(columns), { ...(tasks && { tasks }) });

const age: Cell = (i) => 18 + ((i * 7) % 61);
const months: Cell = (i) => (i * 31) % 73;
const left: Cell = (i) => Number((i * 17) % 10 < 3);

it('a time with the flag of its event beside it is a survival task of both columns', () => {
  const { dataset, columns, tasks, warnings } = describe({ age, tenure: months, churned: left });
  expect(dataset.tasks).toEqual({ tenure: { kind: 'survival', event: 'churned' } });
  expect(dataset.features).toEqual({ age: 'numeric' });
  expect(tasks).toEqual([
    {
      ...{ name: 'tenure', column: 'tenure', kind: 'survival' },
      why:
        'By its name and that of `churned` beside it. Times from 0 to 72. The event is "1" in `churned`: 30% of the rows. ' +
        'The others are censored. For yes or no, name `churned` with `tasks`.',
    },
  ]);
  expect(columns.map(({ use, kind }) => [use, kind])).toEqual([
    ['feature', 'numeric'],
    ['label', 'survival'],
    ['label', 'survival'],
  ]);
  expect(warnings).toEqual([]);
});

it.each<[string, string, Cell, object]>([
  ['time', 'event', left, {}],
  ['survival_days', 'death_event', left, {}],
  ['time_to_event', 'is_dead', (i) => (left(i) ? 'True' : 'False'), {}],
  ['duration', 'died', (i) => (left(i) ? 'yes' : 'no'), { positive: 'yes' }],
  ['weeks', 'censored', (i) => 1 - Number(left(i)), { positive: '0' }],
  ['lifetime', 'is_censored', (i) => (left(i) ? 'N' : 'Y'), { positive: 'N' }],
])('%s with %s', (time, event, flag, options) => {
  for (const columns of [
    { age, [time]: months, [event]: flag },
    { [event]: flag, [time]: months, age },
  ]) {
    const { dataset } = describe(columns);
    expect(dataset.tasks).toEqual({ [time]: { kind: 'survival', event, ...options } });
    expect(dataset.features).toEqual({ age: 'numeric' });
  }
});

it('two times, each with its event, are two tasks', () => {
  const { dataset } = describe({
    age,
    rtime: months,
    recur: left,
    dtime: (i) => 5 + ((i * 29) % 83),
    death: (i) => Number(i % 4 === 0),
  });
  expect(dataset.tasks).toEqual({
    rtime: { kind: 'survival', event: 'recur' },
    dtime: { kind: 'survival', event: 'death' },
  });
  expect(dataset.features).toEqual({ age: 'numeric' });
});

it.each<[string, Readonly<Record<string, Cell>>]>([
  ['of another event', { y: (i) => i % 2, rtime: months, death: left }],
  ['not beside each other', { tenure: months, age, churned: left }],
  ['of another name', { age: months, churned: left }],
  ['with another flag', { tenure: months, upgraded: left }],
  ['with words that have no meaning', { tenure: months, churned: (i) => (left(i) ? 'gone' : 'here') }],
  ['below 0', { tenure: (i) => Number(months(i)) - 5, churned: left }],
  ['of few values', { tenure: (i) => i % 5, churned: left }],
  ['in the order of a clock', { time: (i) => i / 4, event: left, age }],
  ['with hardly an event', { tenure: months, churned: (i) => Number(i % 60 === 0), age }],
  ['with two flags', { died: left, time: months, event: (i) => Number(i % 4 === 0) }],
])('is none for a time %s', (_, columns) => {
  expect(describe({ y: (i) => i % 2, ...columns }).tasks.map(({ kind }) => kind)).not.toContain('survival');
});

it('a caller who names a column decides', () => {
  const columns = { age, tenure: months, churned: left };
  expect(describe(columns, ['churned']).dataset).toMatchObject({
    ...{ features: { age: 'numeric', tenure: 'numeric' }, tasks: { churned: 'binary' } },
  });
  const about = (tasks: readonly string[]) =>
    describe(columns, tasks).warnings.map(({ kind, about }) => [kind, about.column]);
  expect(about(['churned'])).toEqual([['time-of-event', 'tenure']]);
  expect(about(['tenure', 'churned'])).toEqual([]);
  expect(describe(columns, ['tenure']).dataset.tasks).toEqual({ tenure: { kind: 'survival', event: 'churned' } });
  expect(describe(columns, ['tenure', 'churned']).dataset.tasks).toEqual({ tenure: 'regression', churned: 'binary' });
});

it('what tells the time, or the event, is left out', () => {
  const { columns, warnings } = describe({
    age,
    cost: (i) => 20 * Number(months(i)) + 1,
    state: (i) => (left(i) ? 'gone' : 'here'),
    tenure: months,
    churned: left,
  });
  expect(columns.slice(1, 3)).toMatchObject([
    { kind: 'leak', why: 'It alone tells the label `tenure`. Left out.' },
    { kind: 'leak', why: 'It says the same as the label `churned`. Left out.' },
  ]);
  expect(warnings).toHaveLength(2);
});

it('stands beside other labels', () => {
  const { dataset, warnings } = describe({
    age,
    tenure: months,
    churned: left,
    income: (i) => 1000 + ((i * 13) % 700),
  });
  expect(dataset.tasks).toEqual({ tenure: { kind: 'survival', event: 'churned' }, income: 'regression' });
  expect(warnings.map(({ kind }) => kind)).not.toContain('between-labels');
});

it('is read as it is described', () => {
  const columns = { age, weeks: months, censored: (i: number) => 1 - Number(left(i)) };
  const { event, positive } = describe(columns).dataset.tasks['weeks'] as unknown as {
    event: string;
    positive: string;
  };
  const table = parseCsv(textOf(columns), {
    features: { age: numeric() },
    tasks: { weeks: survival({ event, positive }) },
  });
  const { cuts } = fitSchema(table).tasks.weeks;
  expect((cuts as number[]).length).toBeGreaterThan(5);
});

it.each([
  ['seconds', 1],
  ['milliseconds', 1000],
])('asks whether numbers are times in %s, if they would be recent dates', (format, unit) => {
  const n: Cell = (i) => (1_514_764_800 + 86_400 * ((i * 7) % 90)) * unit;
  const asked = describe({ n, m: (i) => 3 * i, age, left }, ['left']).warnings;
  const evidence = { format, first: '2018-01-01', last: '2018-03-31' };
  expect(asked).toMatchObject([{ kind: 'unnamed-time', about: { column: 'n' }, evidence }]);
  expect(asked[0]!.message).toContain(`write "n": { "kind": "date", "format": "${format}" }.`);
});
