import { binary, rowEncoder } from '@polytask/core';
import { buckets, cross, date, text } from '@polytask/core/features';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../csv/read-csv.ts';
import { categorical } from '../declarations/kinds.ts';
import { allFeatures } from '../declarations/declaration.ts';
import { schemaRowFormat } from '../dataset/row-format.ts';
import { encode } from './encode.ts';
import { fitSchema } from './fit-schema.ts';

const CSV = `born,kg,country,said,y
2001-02-03,70,NL,so good,1
1999-12-31,,UK,,0
,82.5,,good,1
2001-02-03,50,NL,"so, so",0
`;

const declaration = {
  features: {
    birthday: date({ from: 'born' }),
    weight: buckets({ from: 'kg', count: 2 }),
    country: categorical(),
    both: cross({ of: ['country', 'weight'], buckets: 50 }),
    said: text({ buckets: 20, maxLength: 4 }),
  },
  tasks: { y: binary() },
};

describe('kinds of feature that are defined with core', () => {
  it('are fitted to a table, and encode it as rows', () => {
    const table = parseCsv(CSV, declaration);
    const schema = fitSchema(table);
    expect(schema.features).toMatchObject({
      birthday: { kind: 'date', parts: ['trend', 'year', 'week'] },
      weight: { kind: 'buckets', edges: [70] },
      both: { kind: 'cross', of: ['country', 'weight'], buckets: 50 },
      said: { kind: 'text', buckets: 20 },
    });
    const days = [11_356, 10_956, 11_356];
    const mean = days.reduce((sum, day) => sum + day, 0) / 3;
    expect((schema.features['birthday'] as { mean: number }).mean).toBeCloseTo(mean, 9);
    const rows = [
      { birthday: '2001-02-03', weight: 70, country: 'NL', said: 'so good' },
      { birthday: '1999-12-31', weight: null, country: 'UK', said: null },
      { birthday: null, weight: 82.5, country: null, said: 'good' },
      { birthday: '2001-02-03', weight: 50, country: 'NL', said: 'so, so' },
    ];
    const {
      tasks: _,
      labels: __,
      weights: ___,
      ...served
    } = rowEncoder(JSON.parse(JSON.stringify(schema)) as typeof schema)(rows);
    expect(encode(table, schema).arrays).toMatchObject(served);
    expect(encode(table, schema, [3, 1]).arrays).toMatchObject({ ids: rowEncoder(schema)([rows[3]!, rows[1]!]).ids });
  });

  it('are written in data set files', () => {
    expect(
      allFeatures.read(
        { a: 'date', b: { kind: 'buckets', edges: [1, 2] }, c: { kind: 'cross', of: ['a', 'b'] } },
        'x.features',
      ),
    ).toEqual({ a: date(), b: buckets({ edges: [1, 2] }), c: cross({ of: ['a', 'b'] }) });
    expect(() => allFeatures.read({ a: { kind: 'date', partss: ['year'] } }, 'x.features')).toThrow(
      'Expected an option of x.features.a, received "partss". Did you mean "parts"?',
    );
    expect(() => allFeatures.read({ b: { kind: 'buckets', edges: [2, 1] } }, 'x.features')).toThrow(
      'edges that ascend',
    );
  });

  it('read a table with the columns of a fitted schema', () => {
    const schema = fitSchema(parseCsv(CSV, declaration));
    const format = schemaRowFormat(schema);
    expect(format.features).toMatchObject({ birthday: { kind: 'date' }, both: { kind: 'cross', buckets: 50 } });
    const again = parseCsv('birthday,weight,country,said\n2001-02-03,70,NL,so good\n', {
      features: format.features,
      tasks: {},
    });
    expect(encode(again, schema).size).toBe(1);
  });

  it('say the row and column of a value that does not fit', () => {
    const wrong = CSV.replace('1999-12-31', '31/12/1999');
    const table = parseCsv(wrong, declaration);
    expect(() => fitSchema(table)).toThrow(
      'In the text, line 3, column "born": Expected a date such as 2026-11-28 or 2026-11-28T13:05, received "31/12/1999".',
    );
    const schema = fitSchema(parseCsv(CSV, declaration));
    expect(() => encode(table, schema)).toThrow('In the text, line 3, column "born": Expected a date');
  });

  it('refuse a cross of what the table does not have as one category', () => {
    const table = parseCsv(CSV, {
      ...declaration,
      features: { ...declaration.features, both: cross({ of: ['country', 'birthday'] }) },
    });
    expect(() => fitSchema(table)).toThrow('received "birthday", a date feature');
  });
});
