import { PolytaskError } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { describeCsv as describeText } from './describe.ts';
import type { DescribeOptions, Description } from './description.ts';

/** Describes a text without saying that it is small, as all tables here are. */
const describeCsv = (...given: Parameters<typeof describeText>): Description => {
  const described = describeText(...given);
  return { ...described, warnings: described.warnings.filter(({ kind }) => kind !== 'few-labels') };
};

const ROWS = 400;
type Cell = (i: number) => string | number | bigint;

/** A CSV of these columns; `i` is the row, and coprime periods keep the columns independent. */
function csv(columns: Readonly<Record<string, Cell>>, { rows = ROWS, delimiter = ',' } = {}): string {
  const lines = Array.from({ length: rows }, (_, i) => Object.values(columns).map((cell) => cell(i)).join(delimiter)); // prettier-ignore
  return `${[Object.keys(columns).join(delimiter), ...lines].join('\n')}\n`;
}

const age: Cell = (i) => 18 + ((i * 7) % 61);
const label: Cell = (i) => Number(((i * 7919) % 1013) % 3 === 0);
/** Describes one column beside an age and a label. */
const one = (name: string, cell: Cell, rows = ROWS) => {
  const description = describeCsv(csv({ age, [name]: cell, label }, { rows }));
  const column = description.columns[1]!;
  return { ...column, feature: description.dataset.features[name], description };
};
const kinds = ({ columns }: Description) => Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));
const warned = ({ warnings }: Description) => warnings.map(({ kind, about }) => [kind, about.column]);
const exponential = (i: number) => Math.round(100 * (-Math.log(1 - ((i * 0.6180339887) % 1))) ** 3);

describe('how the text is cut', () => {
  it.each([',', ';', '\t', '|'])('finds the delimiter %j', (delimiter) => {
    const description = describeCsv(csv({ age, state: (i) => `s${i % 5}`, label }, { delimiter }));
    expect(description.sample).toEqual({ rows: ROWS, total: ROWS, delimiter, header: true, missing: [] });
    expect(description.dataset.csv).toEqual(delimiter === ',' ? undefined : { delimiter });
  });

  it('reads decimal commas where cells are cut by semicolons, and says so in the document', () => {
    const price: Cell = (i) => (i === 3 ? '' : i === 4 ? '-' : `${i % 2 ? '1.' : ''}${100 + i},${i % 10}`);
    const description = describeCsv(csv({ price, n: age, label }, { delimiter: ';' }));
    expect(description.sample).toMatchObject({ delimiter: ';', header: true, decimal: ',' });
    expect(description.dataset.csv).toMatchObject({ delimiter: ';', decimal: ',', missing: ['-'] });
    expect(kinds(description)).toEqual({ price: 'numeric', n: 'numeric', label: 'binary' });
    expect(warned(description)).not.toContainEqual(['decimal-comma', 'price']);
  });

  it('spells labels as the file does: classes and yes are texts, with their commas', () => {
    const price: Cell = (i) => `${i},5`;
    const tasksOf = (columns: Record<string, Cell>) =>
      describeCsv(csv({ price, ...columns }, { delimiter: ';' }), { tasks: ['label'] }).dataset.tasks;
    expect(tasksOf({ label: (i) => `${1 + (i % 2)},0` })).toEqual({ label: { kind: 'binary', positive: '2,0' } });
    expect(tasksOf({ label: (i) => `${2 + (i % 3)},0` })).toEqual({
      label: { kind: 'multiclass', classes: ['2,0', '3,0', '4,0'] },
    });
    const { tasks } = describeCsv(`label;0\n${'1,5;\n'.repeat(18)}2,25;\n`).dataset; // the first line isn't a header
    expect(tasks).toEqual({ column1: { kind: 'multiclass', classes: ['1,5', '2,25', 'label'] } });
  });

  it.each([
    ['other columns have decimal points', { price: (i: number) => `${i},5`, x: (i: number) => `${i}.5` }, ';'],
    ['commas cut cells, so a comma in quotes may divide a list', { price: (i: number) => `"${i},5"` }, ','],
  ])('leaves decimal commas as text where %s', (_, columns, delimiter) => {
    const description = describeCsv(csv({ ...columns, n: age, label }, { delimiter }));
    expect(description.dataset.csv?.decimal).toBeUndefined();
    expect(warned(description)).toContainEqual(['decimal-comma', 'price']);
  });

  it.each([
    ['numbers in the first line', '41,Utah,1\n17,Iowa,0\n', false],
    ['names over numbers', 'age,state,y\n41,Utah,1\n17,Iowa,0\n', true],
    ['texts alone, which come again below', 'Utah,yes\nIowa,no\nUtah,no\nIowa,yes\nUtah,yes\n', false],
    ['texts alone, which do not', 'state,bought\nIowa,no\nUtah,no\nIowa,yes\nUtah,yes\n', true],
    ['names that count', '0,1,2\n.5,3,a\n.7,4,b\n', true],
    ['a column a year', 'country,2019,2020\nFrance,1.5,2\nSpain,2.5,3\nItaly,0,1\n', true],
    ['values that are years', 'Utah,2019,2020\nIowa,2018,2021\nUtah,2017,2022\n', false],
    ['an index without a name', ',age,y\n0,41,1\n1,17,0\n', true],
  ])('tells names from values: %s', (_, text, header) => {
    expect(describeCsv(text).sample.header).toBe(header);
    expect(describeCsv(text, { header: !header }).sample.header).toBe(!header);
  });

  it('names the columns of a file without names', () => {
    const { dataset } = describeCsv('41,Utah,1\n17,Iowa,0\n41,Utah,1\n18,Iowa,0\n19,Utah,0\n');
    expect(dataset.csv).toEqual({ header: ['column1', 'column2', 'column3'] });
    expect(dataset.tasks).toEqual({ column3: 'binary' });
  });

  it('reads quotes, line ends in cells and a byte order mark', () => {
    const { columns, sample } = describeCsv('\uFEFF"age","a ""b"", c"\r\n41,"x\r\ny"\r\n17,"x\r\ny"\r\n18,z\r\n');
    expect(columns.map(({ name, examples }) => [name, examples])).toEqual([
      ['age', ['17', '18', '41']],
      ['a "b", c', ['x\r\ny', 'z']],
    ]);
    expect(sample.rows).toBe(3);
  });

  it('looks at no more rows than it is told', () => {
    const text = csv({ age, label });
    expect(describeCsv(text, { rows: 100 }).sample).toMatchObject({ rows: 100, total: ROWS });
    expect(describeCsv(text, { rows: ROWS + 1 }).sample).toMatchObject({ rows: ROWS, total: ROWS });
  });

  it('passes over a title and comments, and says so in the document', () => {
    const titled = describeCsv(`Sales of 2022\n\n${csv({ age, label })}`);
    expect(titled.dataset.csv).toEqual({ skip: 2 });
    expect(warned(titled)).toEqual([['title', undefined]]);
    expect(describeCsv(`# by a tool\n# in 2022\n${csv({ age, label })}`).dataset.csv).toEqual({ comment: '#' });
    expect(describeCsv(`#${csv({ age, label })}`).dataset).toMatchObject({ features: { '#age': 'numeric' } });
  });

  it('names the first ragged row', () => {
    const { warnings } = describeCsv('age,y\n41,1\n17,0\n18\n19,1,2\n20,1\n');
    expect(warnings[0]).toMatchObject({ kind: 'ragged-rows' });
    expect(warnings[0]!.message).toContain('which has 2: line 4 has 1 and line 5 has 3. Reading stops there.');
  });
});

describe('missing values', () => {
  it('are common words anywhere, and others only among numbers', () => {
    const { sample, columns } = describeCsv(
      csv({ age: (i) => (i % 9 ? age(i) : '-'), plan: (i) => ['None', 'A', '?'][i % 3]!, label }),
    );
    expect(sample.missing).toEqual(['-', '?']);
    expect(columns.map(({ missing }) => missing)).toEqual([45, 133, 0]);
    expect(columns[1]!.distinct).toBe(2);
  });

  it('are a word that stands alone among numbers, with a warning', () => {
    const { dataset, warnings } = describeCsv(csv({ age: (i) => (i % 20 ? age(i) : 'refused'), label }));
    expect(dataset).toMatchObject({ csv: { missing: ['refused'] }, features: { age: { indicator: true } } });
    expect(warnings[0]).toMatchObject({ kind: 'odd-missing', about: { column: 'age' } });
  });

  it('may be numbers far above all others: a question', () => {
    const { description, feature } = one('weight', (i) => (i % 50 ? 50 + (i % 40) : 999));
    expect(feature).toBe('numeric');
    expect(description.warnings).toMatchObject([{ kind: 'sentinel', about: { column: 'weight' } }]);
    expect(description.warnings[0]!.message).toContain('999 occurs 8 times');
    expect(one('weight', (i) => 90 + ((i * i) % 11)).description.warnings).toEqual([]); // 99 is one of them
  });
});

describe('what a column is used for', () => {
  it.each<[string, string, Cell, string, unknown]>([
    ['numbers', 'x', (i) => i / 7, 'numeric', 'numeric'],
    ['amounts with a long tail', 'spent', exponential, 'numeric', { kind: 'numeric', log: true }],
    [
      'numbers that are often missing',
      'x',
      (i) => (i % 10 ? i / 7 : ''),
      'numeric',
      { kind: 'numeric', indicator: true },
    ],
    ['numbers that are rarely missing', 'x', (i) => (i % 50 ? i / 7 : ''), 'numeric', 'numeric'],
    ['texts', 'state', (i) => `s${i % 5}`, 'categorical', 'categorical'],
    ['whole numbers, few and repeated', 'pclass', (i) => 1 + (i % 3), 'categorical', 'categorical'],
    ['few whole numbers that count', 'num_children', (i) => i % 4, 'numeric', 'numeric'],
    ['codes by name', 'job_code', (i) => 100 + (i % 40), 'categorical', 'categorical'],
    ['leading zeros', 'plz', (i) => `0${1000 + (i % 40)}`, 'categorical', 'categorical'],
    ['ids that come again', 'user_id', (i) => (i * 7) % 150, 'hashed', { kind: 'hashed', buckets: 1024 }],
    ['many values', 'town', (i) => `t${i % 2 ? i : i % 8}`, 'hashed', { kind: 'hashed', buckets: 1024 }],
    ['a history', 'viewed_items', (i) => `a${i % 3}|b${i % 5}|a${i % 3}`, 'id-sequence', { kind: 'id-sequence' }],
    ['lists', 'tags', (i) => `a${i % 3}|b${i % 5}`, 'multi-valued', { kind: 'multi-valued' }],
    [
      'lists with semicolons',
      'tags',
      (i) => `a${i % 3};b${i % 5}`,
      'multi-valued',
      { kind: 'multi-valued', separator: ';' },
    ],
    [
      'lists with blanks',
      'words',
      (i) => `a${i % 4} b${i % 5} c${i % 7}`,
      'multi-valued',
      { kind: 'multi-valued', separator: ' ' },
    ],
    [
      'names of several words',
      'job',
      (i) => `Sales and ${['cars', 'food', 'fun'][i % 3]!}`,
      'categorical',
      'categorical',
    ],
    ['sentences', 'review', (i) => `a good film with ${i} stars`, 'text', 'text'],
    ['dates', 'day', (i) => `2022-05-${10 + (i % 20)}`, 'date', 'date'],
    ['dates with a clock', 'at', (i) => `2022-05-${10 + (i % 20)}T10:00:00Z`, 'date', 'date'],
    ['ids longer than a double holds', 'item', (i) => 2n ** 53n + 1n + BigInt(i % 40), 'categorical', 'categorical'],
    ['dates as numbers', 'day', (i) => 20220501 + (i % 28), 'date', 'date'],
    ['dates with dots', 'day', (i) => `${1 + (i % 28)}.5.2022`, 'date', 'date'],
    ['dates with the names of months', 'day', (i) => `May ${1 + (i % 28)} 2022`, 'date', 'date'],
    ['weeks', 'week', (i) => `2022-W${10 + (i % 40)}`, 'date', 'date'],
    [
      'dates of which some have no 13th month',
      'day',
      (i) => `${1 + (i % 28)}/5/2022`,
      'date',
      { kind: 'date', format: 'day-first' },
    ],
    [
      'dates whose month comes first',
      'day',
      (i) => `5/${1 + (i % 28)}/2022`,
      'date',
      { kind: 'date', format: 'month-first' },
    ],
    ['seconds since 1970', 'timestamp', (i) => 821110208 + i * 60, 'date', { kind: 'date', format: 'seconds' }],
    [
      'milliseconds since 1970',
      'timestamp',
      (i) => 1650812741000 + i * 60,
      'date',
      { kind: 'date', format: 'milliseconds' },
    ],
    ['one value or none', 'note', (i) => (i % 2 ? 'seen' : ''), 'categorical', 'categorical'],
  ])('%s', (_, name, cell, kind, feature) => {
    expect(one(name, cell)).toMatchObject({ use: 'feature', kind, feature });
  });

  it.each<[string, string, Cell, string]>([
    ['one value', 'x', () => 'a', 'constant'],
    ['one number in two spellings', 'x', (i) => ['0', '0.0'][i % 2]!, 'constant'],
    ['none', 'x', () => '', 'empty'],
    ['row numbers', 'x', (i) => i, 'row-id'],
    ['ids of rows', 'event_id', (i) => 7 * i, 'row-id'],
    ['ids of people', 'pid', (i) => 3 * i + 7, 'row-id'],
    ['texts of their own', 'key', (i) => `k${i}`, 'row-id'],
    ['dates of either order', 'day', (i) => `${1 + (i % 12)}/5/2022`, 'time'],
    ['nanoseconds since 1970', 'timestamp', (i) => `${1650812741 + i * 60}000000001`, 'time'],
    ['long ids of rows', 'item', (i) => 2n ** 53n + 1n + 3n * BigInt(i), 'row-id'],
    ['thousands', 'people', (i) => `"${1 + i},500"`, 'formatted-number'],
    ['negative amounts in brackets', 'balance', (i) => (i % 2 ? i : `(${i})`), 'formatted-number'],
    ['numbers and other words', 'x', (i) => (i % 11 ? i : `w${i}`), 'mixed'],
  ])('%s: left out', (_, name, cell, kind) => {
    const { use, kind: found, feature } = one(name, cell);
    expect([use, found, feature]).toEqual(['left-out', kind, undefined]);
  });

  it('a date that can be read in two ways is asked about, and one after today is named', () => {
    expect(one('time', (i) => `2022-${13 + (i % 19)}-10`).why).toContain('Write them like 2026-11-28.');
    expect(one('time', (i) => `${i % 12}:${10 + (i % 49)}`).why).toContain('Write them as numbers, such as minutes.');
    const described = (cell: Cell) => {
      const { warnings } = describeCsv(csv({ day: cell, age, label }, { rows: 200 }));
      return warnings.filter(({ about }) => about.column === 'day').map(({ kind, message }) => `${kind}: ${message}`);
    };
    expect(described((i) => `${1 + (i % 12)}/5/2022`)).toEqual([
      'ambiguous-date: `day`: 12 dates or times, such as "1/5/2022", can be read in two ways. Is the day first, or the month? ' +
        'Write "format": "day-first" or "month-first" in a feature of the kind "date".',
    ]);
    const next = new Date().getUTCFullYear() + 1;
    expect(described((i) => `${i % 100 === 0 ? next : 2011}-05-${10 + (i % 20)}`)).toEqual([
      `future-date: \`day\`: 2 dates after today, up to ${next}-05-10. If they are wrong, empty the cells.`,
    ]);
    expect(described((i) => `2011-05-${10 + (i % 20)}`)).toEqual([]);
    expect(described((i) => `12/${10 + (i % 20)}/98`)).toEqual([
      'short-years: `day`: years have two digits: "12/10/98" is read as 1998, and all of them are 1969 to 2068. Write four digits if that is wrong.',
    ]);
  });

  it('rare values count as unknown, where there are many of them', () => {
    const { feature, why } = one('state', (i) => (i % 4 === 0 && i < 160 ? `rare${i}` : `s${i % 9}`));
    expect(feature).toEqual({ kind: 'categorical', minCount: 5 });
    expect(why).toBe('49 different values. 40 of them occur fewer than 5 times and count as unknown (minCount).');
  });

  it('names repeated values that get vectors, in a sorted file, too', () => {
    const gain: Cell = (i) => (i < 2000 ? 0 : 100 * ((i * 7) % 40));
    const told = (i: number) => Number(i >= 2000 ? ((i * 7) % 40) % 3 === 1 : i % 5 === 0);
    const described = (rows: Cell, end: Cell = () => '') => {
      const text = csv(
        { age, gain: (i) => `${gain(Number(rows(i)))}${end(i)}`, label: (i) => told(Number(rows(i))) },
        { rows: 2400 },
      );
      return describeCsv(text).columns[1]!.why;
    };
    const sentence = '84% are 0. 40 repeated values say more than the number: each has a vector of its own.';
    expect(described((i) => i)).toContain(sentence);
    expect(described((i) => (i * 7) % 2400)).toContain(sentence);
    const spelled = described((i) => i, (i) => (i % 3 ? '' : '.0')); // prettier-ignore
    expect(spelled).toContain(sentence); // 100 and 100.0 are one number, as in a training
    expect(one('height', (i) => 150 + ((i * 11) % 50)).why).not.toContain('vector');
  });

  it('says why in a sentence', () => {
    expect(one('zip', (i) => 10_000 + ((i * i) % 997), 1200).why).toMatch(/^Codes by its name: \d+ values\.$/);
    expect(one('item', (i) => 2n ** 53n + 1n + BigInt(i % 40)).why).toBe(
      '40 different values. Numbers as long as "9007199254740993" lose digits as numbers: read as ids.',
    );
    expect(one('wage_per_hour', (i) => (i * i) % 997, 1200).why).toBe('Numbers: 0 to 996.');
    expect(one('town', (i) => `t${i % 2 ? i : i % 8}`).why).toBe(
      '204 different values, most of which occur once in the sample: hashed into 1,024 buckets.',
    );
    expect(one('x', (i) => (i % 10 ? i / 8 : '')).why).toBe(
      'Numbers: 0.125 to 49.88. Missing in 10%: a second input says so.',
    );
  });

  it('numbers of rows are left out, also where some rows were removed and others moved', () => {
    expect(one('pup', (i) => 3 + ((i * 7) % 400) + Math.floor(((i * 7) % 400) / 3)).kind).toBe('row-id');
    expect(one('height', (i) => 1000 + 5 * ((i * 7) % 400)).feature).toBe('numeric'); // too far apart
  });

  it('warns of dots that may separate thousands', () => {
    const dotted = (values: Cell) =>
      one('people', values).description.warnings.flatMap(({ kind, message }) =>
        kind === 'formatted-number' ? [message] : [],
      );
    expect(dotted((i) => (i % 3 ? `${1 + i}.500` : 100 + i))).toEqual([
      '`people`: "101.500" is read as 101.5, and all other numbers with a dot have three digits after it. If the dots separate thousands, remove them.',
    ]);
    expect(dotted((i) => (1 + i / 7).toFixed(3))).toEqual([]);
    expect(dotted((i) => (i % 3 ? `${1 + i}.500` : 1000 + i))).toEqual([]);
    expect(dotted((i) => (i % 3 ? `${1 + i}.50` : 100 + i))).toEqual([]);
  });

  it('leaves out columns that can not be named', () => {
    const description = describeCsv(',a,a,__proto__,b,y\n' + '1,2,3,4,5,1\n2,2,3,4,6,0\n3,1,3,5,7,0\n'.repeat(9));
    expect(description.dataset.features).toEqual({ b: expect.anything() as unknown });
    expect(warned(description).filter(([kind]) => kind === 'bad-name')).toEqual([['bad-name', 'a']]);
  });
});

describe('what is refused', () => {
  it.each<[string, string, DescribeOptions, string]>([
    ['nothing', '', {}, 'Expected at least one row in the text, received an empty text.'],
    ['names alone', 'a,b\n', { header: true }, 'received the names of columns alone'],
    ['other bytes', 'PK\u0003\u0004\u0000\u0000', {}, 'received bytes that are no text. Save the spreadsheet as CSV.'],
    ['a Parquet file', 'PAR1\u0000', {}, 'received a Parquet file'],
    ['an open quote', 'a,b\n1,"2\n3,4\n', { name: 'x.csv' }, 'quoted cells to be closed'],
    ['an unknown label', 'age,income\n41,1\n17,0\n', { tasks: ['incme'] }, 'received "incme". Did you mean "income"?'],
    ['a label with one value', 'age,y\n41,1\n17,1\n', { tasks: ['y'] }, 'for a task, received 1 in the text'],
    ['an unknown option', 'a', { row: 1 } as DescribeOptions, 'received "row". Did you mean "rows"?'],
  ])('%s', (_, text, options, message) => {
    expect(() => describeCsv(text, options)).toThrow(PolytaskError);
    expect(() => describeCsv(text, options)).toThrow(message);
  });
});

describe('a delimiter that is not found', () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${20 + i}^${['cook', 'nurse, night'][i % 2]}^${i % 2}^12:30`);
  const text = ['age^job^buys^time', ...rows].join('\n');

  it('is asked for by one warning, which has those that would do', () => {
    const { complete, warnings } = describeCsv(text, { name: 'people.txt' });
    expect(complete).toBe(false);
    expect(warnings).toEqual([
      {
        ...{ kind: 'one-column', severity: 'warning', about: {} },
        message:
          'people.txt has one column if it is cut by ",", and 4 columns by "^". Pass the `delimiter` between its cells.',
        evidence: { choices: [{ delimiter: '^', columns: 4 }] },
      },
    ]);
    expect(describeCsv(text, { delimiter: '^' }).columns.map(({ name }) => name)).toEqual([
      'age',
      'job',
      'buys',
      'time',
    ]);
  });
});
