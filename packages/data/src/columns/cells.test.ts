import { describe, expect, it } from 'vitest';
import { fromRows } from '../table/from-rows.ts';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { cellReader, numberParts, type CellRule } from './cells.ts';

const numberIn = (rule: CellRule, text: string) => cellReader(rule).number(text);

describe('a number in a cell', () => {
  it.each<[CellRule, string, number | undefined]>([
    [{ unit: '€' }, '5.30 €', 5.3],
    [{ unit: '€' }, '-€5', -5],
    [{ unit: '€' }, '5', 5],
    [{ unit: '€' }, '$5', undefined],
    [{ unit: '€' }, '€', undefined],
    [{ unit: { k: 1000, M: 1e6 } }, '2.3M', 2_300_000],
    [{ unit: { k: 1000, M: 1e6 } }, '1.1k', 1100],
    [{ unit: { $: 1, k: 1000 }, thousands: ',' }, '-$1,234.5 k', -1_234_500],
    [{ unit: { min: 1, h: 60 } }, '2 h', 120],
    [{ unit: { m: 1, mm: 0.001 } }, '5 mm', 0.005],
    [{ thousands: ',' }, '1,234,567.8', 1_234_567.8],
    [{ thousands: ',' }, '12,34,567', 1_234_567],
    [{ thousands: ',' }, '1,5', undefined],
    [{ thousands: ',' }, '1234,567', undefined],
    [{ thousands: ' ' }, '-1 234', -1234],
    [{ valid: [0, 120] }, '120', 120],
    [{ valid: [0, 120] }, '-1', NaN],
    [{ valid: [0, 120] }, '199', NaN],
    [{ missing: ['-999'] }, '-999', NaN],
    [{ missing: ['-999'] }, '-999.0', -999],
    [{ merge: { '0': ['none'] } }, 'none', 0],
    [{ merge: { '': ['none'] } }, 'none', NaN],
  ])('%j reads %j as %d', (rule, text, number) => expect(numberIn(rule, text)).toBe(number));

  it('has the decimal comma of its file', () => {
    const { number } = cellReader({ unit: '€' }, { decimal: ',' });
    expect(['5,30 €', '1.234,5 €', '7'].map(number)).toEqual([5.3, 1234.5, 7]);
  });

  it('keeps a unit that is there twice', () => {
    expect(numberParts({ k: 1000 })('5kk')).toEqual({ digits: '5k', factor: 1000 });
  });
});

const features = { smoker: categorical(), age: numeric(), tags: multiValued() };
const cells = {
  smoker: { merge: { yes: ['Y', '1'], no: ['N'] }, missing: ['?'] },
  age: { valid: [0, 120], unit: 'y' },
  tags: { merge: { red: ['RED'] } },
} as const;

it('is read alike from a CSV and from rows of a program', () => {
  const text = 'smoker,age,tags\nY,41 y,RED|xl\nyes,199,red\n1,,xl\nN,-1,\n?,7,RED\n';
  const rows = [
    { smoker: 'Y', age: '41 y', tags: ['RED', 'xl'] },
    { smoker: 'yes', age: 199, tags: 'red' },
    { smoker: 1, age: null, tags: ['xl'] },
    { smoker: 'N', age: -1, tags: null },
    { smoker: '?', age: 7, tags: 'RED' },
  ];
  const [fromCsv, fromProgram] = [
    parseCsv(text, { features, tasks: {}, cells }),
    fromRows(rows, { features, tasks: {}, cells }),
  ];
  expect(fromCsv.columns).toEqual(fromProgram.columns);
  expect(Array.from(fromCsv.columns.numbers['age']!)).toEqual([41, NaN, NaN, NaN, 7]);
  expect(fromCsv.columns.texts['smoker']).toEqual({ codes: Int32Array.of(0, 0, 0, 1, -1), dictionary: ['yes', 'no'] });
  expect(fromCsv.columns.lists['tags']!.dictionary).toEqual(['red', 'xl']);
});

it.each<[string, object, string]>([
  ['numbers of a text', { smoker: { unit: 'y' } }, 'Expected column "smoker" to be read as numbers'],
  ['a range without an end', { age: { valid: [0] } }, 'the lowest and the highest number for parseCsv.cells.age.valid'],
  ['a range that ends before it begins', { age: { valid: [1, 0] } }, 'the lowest and the highest number'],
  ['an unknown option', { age: { vaild: [0, 1] } }, 'Did you mean "valid"?'],
])('refuses %s', (_, wrong, message) => {
  const options = { features, tasks: {}, cells: wrong as Record<string, CellRule> };
  expect(() => parseCsv('smoker,age,tags\nY,1,a\n', options)).toThrow(message);
});
