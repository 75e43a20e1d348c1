import { binary, parseNumber } from '@polytask/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { categorical, multiValued, numeric } from '../declarations/kinds.ts';
import { csvTableReader, plainNumber, CellCache } from './csv-table-reader.ts';

const viewOf = (text: string) => new DataView(new TextEncoder().encode(`${text}\0\0\0`).buffer);
const declaration = {
  features: { age: numeric(), state: categorical(), tags: multiValued({ separator: ' ' }) },
  tasks: { y: binary() },
};

/** The columns and the places of the rows, or the error. @param comment one that no line begins with */
function read(pieces: readonly (string | Uint8Array)[], options: object, comment?: string) {
  try {
    const reader = csvTableReader('text', {
      ...declaration,
      ...options,
      ...(comment === undefined ? {} : { comment }),
    });
    for (const piece of pieces) reader.push(piece);
    reader.end();
    const { columns, size, where } = reader.take();
    return { columns, places: Array.from({ length: size }, (_, row) => where(row)) };
  } catch (error) {
    return String(error);
  }
}

it('gives the same columns, places and errors for pieces of any length, with and without comments', () => {
  const number = fc.constantFrom(
    '1',
    '-2.5',
    '',
    ' 7',
    '1e3',
    '-0',
    '.5',
    '5.',
    '12345678901234567',
    '0.1',
    '-1',
    '3 ',
    'NA',
  );
  const text = fc.constantFrom(
    'a',
    'Ω',
    ' b ',
    '',
    'x y',
    'a longer text of many bytes',
    '"q"',
    '"a,\nb"',
    '😀',
    '1\r',
    '\u00a0c',
  );
  const row = fc.tuple(number, text, text, fc.constantFrom('0', '1'), fc.constantFrom('u', 'v'));
  const odd = fc.constantFrom(
    ['x', 'a', 'b', '1', 'u'],
    ['1', 'a'],
    [''],
    [' '],
    ['1', 'a', 'b', '1', 'u', '9'],
    ['1', 'a"', 'b', '1', 'u'],
  );
  const rows = fc.tuple(fc.array(row, { maxLength: 40 }), fc.option(odd), fc.array(row, { maxLength: 5 }));
  const options = fc.constantFrom(
    {},
    { trim: false },
    { missing: ['-1', 'NA'] },
    { decimal: ',' },
    { missing: ['NA'] },
  );
  fc.assert(
    fc.property(
      rows.map(([before, wrong, after]) => [
        ['age', 'state', 'tags', 'y', 'other'],
        ...before,
        ...(wrong ? [wrong] : []),
        ...after,
      ]),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom(',', ';', '||'),
      options,
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (all, newline, delimiter, more, length, ends) => {
        const whole = all.map((cells) => cells.join(delimiter)).join(newline) + (ends ? newline : '');
        const bytes = new TextEncoder().encode(whole);
        const cut = <A>(size: number, part: (start: number, end: number) => A) =>
          Array.from({ length: Math.ceil(size / length) }, (_, i) =>
            part(i * length, Math.min(size, (i + 1) * length)),
          );
        const expected = read([whole], { delimiter, ...more }, '\u0001');
        expect(
          read(
            cut(bytes.length, (a, b) => bytes.subarray(a, b)),
            { delimiter, ...more },
          ),
        ).toEqual(expected);
        expect(
          read(
            cut(whole.length, (a, b) => whole.slice(a, b)),
            { delimiter, ...more },
          ),
        ).toEqual(expected);
      },
    ),
    { numRuns: repetitions(1000) },
  );
});

it('reads plain numbers as parseNumber does, to the last bit', () => {
  const digits = fc.stringMatching(/^-?\d{0,9}\.?\d{0,9}$/);
  const values = fc.oneof(
    digits,
    fc.double().map(String),
    fc.constantFrom('', '-', '.', '-.', '1.2.3', '1-2', '--1', '+1', '٣'),
  );
  fc.assert(
    fc.property(values, (text) => {
      const value = plainNumber(viewOf(text), 0, new TextEncoder().encode(text).length);
      if (!Number.isNaN(value)) expect(value).toBe(parseNumber(text));
    }),
    { numRuns: repetitions(2000) },
  );
  const all = ['0', '-0', '41', '007', '5.', '.5', '-1700.09', '123456789012345', '0.00000000000001'];
  expect(all.map((text) => plainNumber(viewOf(text), 0, text.length))).toEqual(all.map(parseNumber));
});

it('keeps the values of cells by their bytes, up to a number of cells', () => {
  const cache = new CellCache();
  const cells = Array.from({ length: 70_000 }, (_, i) => `${'\0'.repeat(i % 9)}cell ${i}`);
  const find = (cell: string) => cache.find(viewOf(cell), 0, cell.length);
  const before = cells.map((cell, i) => {
    const entry = find(cell);
    cache.add(i);
    return entry;
  });
  expect(new Set(before)).toEqual(new Set([-1]));
  const found = cells.map((cell) => find(cell));
  expect(found.slice(0, 1 << 16).map((entry) => cache.values[entry])).toEqual([...Array(1 << 16).keys()]);
  expect(new Set(found.slice(1 << 16))).toEqual(new Set([-1]));
  const long = 'x'.repeat(2000);
  expect([find(long), find(''), find('\0')]).toEqual([-1, -1, -1]);
});
