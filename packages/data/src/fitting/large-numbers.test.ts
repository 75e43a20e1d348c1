import { binary, labelsOf, regression } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { numeric, vector } from '../declarations/kinds.ts';
import { fromRows } from '../table/from-rows.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';

const tasks = { y: binary() };
const csv = (cell: string) => `x,y\n1,0\n2,1\n${cell},0\n`;
const fit = (cell: string, declared = numeric()) =>
  fitSchema(parseCsv(csv(cell), { features: { x: declared }, tasks }));

describe('numbers of a size that no model can read', () => {
  it('are an error with their place, where a deviation can not be found beside them', () => {
    expect(() => fit('1e308')).toThrow(
      'Expected a number between -1e+150 and 1e+150 in the text, line 4, column "x", received 1e+308. Correct the ' +
        'cell, pass missing: ["1e308"] where it means no value, or numeric({ log: true }).',
    );
    expect(() => fit('-1e151')).toThrow('received -1e+151');
  });

  it('are none by their logarithm, or below that', () => {
    expect(fit('1e308', numeric({ log: true })).features['x']).toMatchObject({
      mean: expect.closeTo((Math.log(2) + Math.log(3) + Math.log(1e308)) / 3, 9) as number,
    });
    const table = parseCsv(csv('1e100'), { features: { x: numeric() }, tasks });
    const { numeric: values } = encode(table, fitSchema(table)).arrays;
    expect(values[2]).toBeCloseTo(Math.SQRT2, 6); // of three, two of which are as good as equal
    expect(values[0]).toBeCloseTo(-Math.SQRT1_2, 6);
  });

  it('may be such in other rows than those that a schema was fitted on', () => {
    const table = parseCsv(csv('1e200'), { features: { x: numeric() }, tasks });
    const schema = fitSchema(table, [0, 1]);
    expect(() => encode(table, schema)).toThrow(
      'In the text, line 4, column "x": Expected a number that is finite in 32 bits after (x − ',
    );
    expect(() => encode(table, schema, [0, 1])).not.toThrow();
  });

  it('are none of a vector, nor unscaled ones', () => {
    const wide = fromRows([{ a: 1e39, b: 1, y: 0 }], { features: { x: vector({ columns: ['a', 'b'] }) }, tasks });
    expect(() => encode(wide, fitSchema(wide))).toThrow(
      'Expected a number in row 0, column "a", received 1e+39. The numbers of a vector are not scaled',
    );
    const list = { features: { x: vector({ width: 2 }) }, tasks };
    expect(() => fromRows([{ x: [1, 1e39], y: 0 }], list)).toThrow('2 finite numbers in row 0, column "x"');
    const table = parseCsv(csv('1e39'), { features: { x: numeric({ standardize: false }) }, tasks });
    expect(() => encode(table, fitSchema(table))).toThrow('In the text, line 4, column "x": Expected a number');
  });

  it('are no labels', () => {
    const table = parseCsv('x,hours\n1,2\n2,4\n3,1e60\n', {
      features: { x: numeric() },
      tasks: { hours: regression() },
    });
    const schema = fitSchema(table, [0, 1]);
    expect(() => encode(table, schema)).toThrow(
      'Expected a label of task "hours" that 32 bits can hold after standardizing in the text, line 4, column "hours", received 1e+60.',
    );
  });

  it.each(['1e39', '1e-46'])('are no sample weights: %s', (cell) => {
    const weighted = { features: { x: numeric() }, tasks: { y: binary({ weightFrom: 'w' }) } };
    const read = (weight: string) => parseCsv(`x,w,y\n1,1,0\n2,${weight},1\n`, weighted);
    const message = `32 bits hold, in the text, line 3, column "w", received ${String(Number(cell))}`;
    expect(() => fitSchema(read(cell))).toThrow(message);
    expect(() => encode(read(cell), fitSchema(read('1')))).toThrow(message);
    const extremes = fitSchema(read('3e38'));
    expect([...labelsOf(encode(read('1e-45'), extremes).arrays, 'y').weights]).toEqual([1, Math.fround(1e-45)]);
  });
});
