import { describe, expect, it } from 'vitest';
import { describeCsv } from './describe.ts';
import type { DescribeOptions } from './description.ts';

type Cell = (row: number) => string | number;

/** 0 to 1, in another order for each factor. */
const share = (i: number, factor: number): number => ((i * factor * 37 + factor) % 1009) / 1009;
const age: Cell = (i) => 20 + (i % 50);
const label: Cell = (i) => Number(share(i, 1) < 0.3);

function described(columns: Readonly<Record<string, Cell>>, options: DescribeOptions = {}) {
  const rows = Array.from({ length: 2000 }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')); // prettier-ignore
  return describeCsv([Object.keys(columns).join(','), ...rows].join('\n'), options);
}

describe('a remedy settles what it belongs to', () => {
  it.each<[kind: string, Readonly<Record<string, Cell>>, remedy: object]>([
    [
      'sentinel',
      { age, debt: (i) => (i % 40 === 0 ? 99999 : (i % 90) - 5), label },
      { cells: { debt: { missing: ['99999'] } } },
    ],
    [
      'spellings',
      { age, grade: (i) => ['A', 'a', 'B', 'C'][i % 4]!, label },
      { cells: { grade: { merge: { A: ['a'] } } } },
    ],
    ['name-of-label', { age, label_source: (i) => 'abc'[i % 3]!, label }, { leaveOut: ['label_source'] }],
    [
      'decides-label',
      { age, last: (i) => (label(i) && share(i, 5) < 0.5 ? 'closing' : 'open'), label },
      { leaveOut: ['last'] },
    ],
    ['between-labels', { age, clicked: label, spent: (i) => i % 70, liked: (i) => i % 2 }, { leaveOut: ['spent'] }],
  ])('%s', (kind, columns, remedy) => {
    const { warnings } = described(columns);
    expect(warnings.find((each) => each.kind === kind)!.remedy).toEqual({ describe: remedy });
    const again = described(columns, remedy);
    expect(again.warnings.map((each) => each.kind)).not.toContain(kind);
    const { leaveOut = [], cells } = remedy as DescribeOptions;
    expect(again.dataset.cells).toEqual(cells);
    for (const name of leaveOut) {
      expect(Object.keys(again.dataset.features)).not.toContain(name);
      expect(again.columns.find((column) => column.name === name)).toMatchObject({
        use: 'left-out',
        kind: 'by-you',
      });
    }
  });

  it('a time of an event that is predicted alone', () => {
    const columns = { age, tenure: (i: number) => (i * 31) % 73, churned: label };
    const { warnings } = described(columns, { tasks: ['churned'] });
    expect(warnings).toMatchObject([{ kind: 'time-of-event', remedy: { describe: { leaveOut: ['tenure'] } } }]);
    const again = described(columns, { tasks: ['churned'], ...warnings[0]!.remedy!.describe });
    expect([again.warnings, again.dataset.features]).toEqual([[], { age: 'numeric' }]);
  });
});

it('cells of the caller are read so, beside what is found', () => {
  const columns: Record<string, Cell> = {
    age: (i) => (i === 7 ? 199 : Number(age(i))),
    state: (i) => ['Ohio', 'ohio', 'OH', 'Utah'][i % 4]!,
    city: (i) => ['Bonn', 'Bonn', 'bonn', 'Bonna', 'Ulm'][i % 5]!,
    label,
  };
  const cells = { state: { merge: { Ohio: ['OH'] } }, city: { merge: { bonn: ['Bonna'] } }, age: { missing: ['20'] } };
  const { dataset, columns: seen } = described(columns, { cells });
  expect(dataset.cells).toEqual({
    state: { merge: { Ohio: ['OH', 'ohio'] } },
    city: { merge: { Bonn: ['Bonna', 'bonn'] } }, // what is read as bonn is read as Bonn
    age: { missing: ['20'], valid: [0, 120] },
  });
  expect(seen.map(({ distinct, missing }) => [distinct, missing])).toEqual([[49, 41], [2, 0], [2, 0], [2, 0]]); // prettier-ignore
});

it('a column that is left out is no label, and one that is not there an error', () => {
  const { dataset } = described({ age, clicked: label, liked: (i) => i % 2 }, { leaveOut: ['liked'] });
  expect(Object.keys(dataset.tasks)).toEqual(['clicked']);
  const missing = 'Expected a column of the text, received "agee".';
  expect(() => described({ age, label }, { leaveOut: ['agee'] })).toThrow(missing);
  expect(() => described({ age, label }, { cells: { agee: {} } })).toThrow(missing);
});
