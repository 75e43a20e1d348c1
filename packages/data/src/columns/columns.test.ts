import { binary, multiclass, parseNumber, type BinaryTask } from '@polytask/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical, numeric } from '../declarations/kinds.ts';
import { binaryLabel } from '../labels/label-reading.ts';
import { fitSchema } from '../fitting/fit-schema.ts';

const NO_NUMBERS = [
  '0x10',
  '0X1F',
  ' 0x10',
  '0b1',
  '0B1',
  '0o7',
  '1_000',
  'Infinity',
  '-Infinity',
  '1e999',
  '',
  ' ',
  'x',
];

describe('parseNumber', () => {
  it('reads back every finite number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value))).toBe(Number(String(value)));
      }),
    );
  });

  it.each([
    ['007', 7],
    ['+5', 5],
    ['.5', 0.5],
    ['-.5e-3', -0.0005],
    [' 12 ', 12],
    ['0', 0],
    ['0e5', 0],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(NO_NUMBERS)('does not take %j for a number', (text) => {
    expect(parseNumber(text)).toBeNaN();
  });
});

describe('texts that look like numbers of another base', () => {
  it('are an error in a column of numbers', () => {
    for (const text of ['0x10', '0b1', '1_000', 'Infinity']) {
      expect(() => parseCsv(`x\n${text}\n`, { features: { x: numeric() }, tasks: {} })).toThrow(
        `Expected a number in the text, line 2, column "x", received "${text}".`,
      );
    }
  });

  it('are neither yes nor no, and not equal to a positive number', () => {
    const labelOf = binaryLabel(binary() as BinaryTask);
    expect(['0x1', '0b1', '0x0', '1e0', '0.0'].map(labelOf)).toEqual([undefined, undefined, undefined, 1, 0]);
    expect(['0x10', '16', '16.0'].map(binaryLabel(binary({ positive: 16 })))).toEqual([0, 1, 1]);
  });

  it('make the classes of a task texts, in the order of texts', () => {
    const classes = (labels: string) =>
      fitSchema(parseCsv(`c,y\n${labels}`, { features: { c: categorical() }, tasks: { y: multiclass() } })).tasks.y
        .classes;
    expect(classes('a,10\na,9\n')).toEqual(['9', '10']);
    expect(classes('a,10\na,9\na,0x1\n')).toEqual(['0x1', '10', '9']);
  });
});
