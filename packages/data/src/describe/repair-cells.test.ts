import { describe, expect, it } from 'vitest';
import { datasetFromFiles } from '../dataset/open-dataset.ts';
import { describeCsv } from './describe.ts';

const ROWS = 400;
type Cell = (row: number) => string | number;

const text = (columns: Readonly<Record<string, Cell>>, others: readonly string[] = []) =>
  [Object.keys(columns).join(','), ...Array.from({ length: ROWS }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(',')), ...others].join('\n'); // prettier-ignore

const weight: Cell = (i) => 50 + ((i * 7) % 61);
const label: Cell = (i) => Number(((i * 7919) % 1013) % 3 === 0);

/** The rule and the warnings of a column beside two others, and its kind. */
function found(name: string, cell: Cell) {
  const { dataset, warnings, columns } = describeCsv(text({ weight, [name]: cell, label }), { tasks: ['label'] });
  const own = warnings.filter(({ about }) => about.column === name);
  return { rule: dataset.cells?.[name], messages: own.map(({ message }) => message), kind: columns[1]!.kind };
}

it.each([
  ['a feature', ['label'], 'features', 'numeric'],
  ['a label', ['grade'], 'tasks', 'regression'],
] as const)('few whole numbers, some with a unit, are amounts and no codes: %s', async (_, tasks, where, kind) => {
  const csv = text({ weight, grade: (i) => `${1 + (i % 6)}${i % 10 === 3 ? ' m' : ''}`, label });
  const { dataset } = describeCsv(csv, { tasks: [...tasks] });
  expect(dataset).toMatchObject({ cells: { grade: { unit: 'm' } }, [where]: { grade: kind } });
  const opened = await datasetFromFiles(dataset, { 'data.csv': new Blob([csv]) }); // a text with a unit would be refused
  expect(opened.parts(1).train.size).toBe(0.8 * ROWS);
});

describe('spellings', () => {
  it.each<[string, Cell, object]>([
    ['case and blanks', (i) => ['Utah', 'utah ', 'UTAH', 'Iowa', 'new  york', 'New York'][i % 6]!,
      { merge: { UTAH: ['Utah', 'utah'], 'New York': ['new  york'] } }], // prettier-ignore
    [
      'yes and no',
      (i) => ['yes', 'Y', '1', 'no', 'N', '0'][i % 6]!,
      { merge: { '0': ['no', 'N'], '1': ['Y', 'yes'] } },
    ],
    ['the most frequent one stays', (i) => ['yes', 'yes', 'Yes.', 'no'][i % 4]!, { merge: { yes: ['Yes.'] } }],
  ])('%s', (_, cell, rule) => {
    const { rule: own, messages } = found('state', cell);
    expect(own).toEqual(rule);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('spellings of one value are merged');
  });

  it('asks about letters that differ in case alone', () => {
    const { rule, messages } = found('grade', (i) => ['A', 'a', 'B', 'C'][i % 4]!);
    expect(rule).toBeUndefined();
    expect(messages).toEqual([
      '`grade`: "A" (also written "a") may be one value. If so, write "merge": {"A":["a"]} in `cells`.',
    ]);
  });

  it.each<[string, Cell]>([
    ['different values', (i) => ['Utah', 'Iowa', 'Ohio'][i % 3]!],
    ['yes, no and what is neither', (i) => ['yes', 'no', '1'][i % 3]!.replace('1', 'perhaps')],
    ['two letters for no, as free and not free', (i) => 'FN'[i % 2]!],
    ['ids whose case says something', (i) => `${i % 2 ? 'k' : 'K'}x${i >> 1}`],
    ['numbers in two spellings', (i) => ['1', '1.0', '2'][i % 3]!],
  ])('not of %s', (_, cell) => expect(found('state', cell)).toMatchObject({ rule: undefined, messages: [] }));
});

describe('units', () => {
  it.each<[string, Cell, object]>([
    ['a tenth of the cells', (i) => (i % 10 ? `${i}.5` : `${i}.5 €`), { unit: '€' }],
    ['all cells', (i) => `$${i}.50`, { unit: '$' }],
    ['multiples', (i) => `${i}.0${['M', 'k', ''][i % 3]!}`, { unit: { M: 1e6, k: 1e3 } }],
    ['a currency and multiples', (i) => (i % 2 ? `$${i}k` : `$${i}`), { unit: { $: 1, k: 1e3 } }],
    ['thousands', (i) => (i % 2 ? `"${1 + i},234"` : i), { thousands: ',' }],
    ['thousands with spaces', (i) => `${1 + i} 500`, { thousands: ' ' }],
    ['thousands with points', (i) => `${1 + i}.500${i % 3 ? '' : '.000'}`, { thousands: '.' }],
    ['percentages beside percentages without a sign', (i) => (i % 2 ? `${i % 90}%` : i % 90), { unit: '%' }],
    ['percentages beside shares', (i) => (i % 2 ? `${i % 90}%` : (i % 90) / 100), { unit: { '%': 0.01 } }],
    [
      'hours in several spellings',
      (i) => `${i / 4} ${['hr', 'hrs', 'Hr'][i % 3]!}`,
      { unit: { hr: 1, hrs: 1, Hr: 1 } },
    ],
  ])('in %s', (_, cell, rule) => {
    const { rule: own, messages, kind } = found('price', cell);
    expect(own).toEqual(rule);
    expect(kind).toBe('numeric');
    expect(messages).toHaveLength(1);
  });

  it.each<[string, Cell, string]>([
    ['two units', (i) => `${i} ${i % 2 ? 'kg' : 'g'}`, 'numbers have several units, "g" and "kg"'],
    [
      'shares or percentages',
      (i) => (i % 2 ? `.${10 + (i % 70)}%` : `.${10 + (i % 70)}`),
      'is 5% the same as 5, or as .05?',
    ],
    ['commas that may be points', (i) => `"${1 + i},500"`, 'is "1,500" 1500 or 1.500?'],
  ])('asks about %s', (_, cell, message) => {
    const { rule, messages, kind } = found('price', cell);
    expect([rule, kind]).toEqual([undefined, 'formatted-number']);
    expect(messages).toEqual([expect.stringContaining(message)]);
  });

  it.each<[string, Cell]>([
    ['plain numbers', (i) => i / 7],
    ['codes of letters and digits', (i) => `${i % 40}${'ABCDEFG'[i % 7]!}`],
    ['codes with a letter before', (i) => `u${i % 40}`],
    ['few sizes', (i) => `${i % 5} l`],
    ['dates', (i) => `2011-05-${10 + (i % 20)}`],
    ['times of day', (i) => `${i % 24}:30`],
    ['ranges', (i) => `${i % 40}-${41 + (i % 30)}`],
  ])('not in %s', (_, cell) => expect(found('price', cell).rule).toBeUndefined());
});

describe('impossible numbers', () => {
  const age: Cell = (i) => 18 + ((i * 7) % 61);

  it('of an age are below 0 or above 120', () => {
    const { rule, messages } = found('age', (i) => [-1, 199][i / 60] ?? age(i));
    expect(rule).toEqual({ valid: [0, 120] });
    expect(messages).toEqual([
      '`age`: 2 numbers are below 0 or above 120 (-1 and 199), and read as missing (`valid` in `cells`).',
    ]);
  });

  it('of experience are below 0, or above 80 years if only few are', () => {
    expect(found('experience', (i) => (i % 60 ? i % 50 : -4)).rule).toEqual({ valid: [0, 80] });
    expect(found('experience', (i) => 12 * (i % 50)).rule).toBeUndefined(); // months
  });

  it('are a sentinel below numbers that are all 0 or more', () => {
    const { rule, messages } = found('height', (i) => (i % 50 ? 50 + (i % 40) : -999));
    expect(rule).toEqual({ missing: ['-999'] });
    expect(messages[0]).toContain('-999 (8 rows) is far below all other numbers, which are 50 or more.');
  });

  it.each<[string, string, Cell]>([
    ['all are ages', 'age', age],
    ['many are no ages of persons', 'age', (i) => 7 * i],
    ['the name says days', 'age_days', (i) => [-1, 199][i / 60] ?? age(i)],
    ['others are negative, too', 'change', (i) => (i % 50 ? (i % 40) - 20 : -999)],
  ])('are none where %s', (_, name, cell) => expect(found(name, cell).rule).toBeUndefined());
});

it('makes of a table with all of these the table that was meant', async () => {
  const clean = {
    age: (i: number) => (i % 100 === 3 ? '' : 18 + ((i * 7) % 61)),
    spend: (i: number) => 5 * i,
    smoker: (i: number) => (i % 3 ? 'yes' : 'no'),
    label: (i: number) => (Number(label(i)) ? 'yes' : 'no'),
  };
  const dirty = {
    age: (i: number) => clean.age(i) || 199,
    spend: (i: number) => (i % 10 ? clean.spend(i) : `${clean.spend(i)} €`),
    smoker: (i: number) => (i % 8 ? clean.smoker(i) : { yes: 'Y', no: 'N' }[clean.smoker(i)]!),
    label: (i: number) => (i % 7 ? clean.label(i) : clean.label(i).toUpperCase()),
  };
  const encoded = async (table: string) => {
    const { dataset } = describeCsv(table, { tasks: ['label'] });
    const opened = await datasetFromFiles(dataset, { 'data.csv': new Blob([table]) });
    return { content: await opened.content(), parts: opened.parts(1) };
  };
  const [from, meant] = await Promise.all([encoded(text(dirty, ['1,2', '1,2,3,4,5'])), encoded(text(clean))]);
  expect(from.content).toBe(meant.content);
  expect(from.parts.train.schema).toEqual(meant.parts.train.schema);
  expect(from.parts.train.arrays).toEqual(meant.parts.train.arrays);
  const skipped = from.parts.warnings().find(({ kind }) => kind === 'skipped-rows');
  expect(skipped?.message).toBe(
    '2 rows are skipped, as they have too many or too few cells: the Blob, line 402: 2 cells in place of 4; the Blob, line 403: 5 cells in place of 4.',
  );
});
