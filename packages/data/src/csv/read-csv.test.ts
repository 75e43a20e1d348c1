import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { binary, regression } from '@polytask/core';
import fc from 'fast-check';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { categorical, multiValued, numeric, vector } from '../declarations/kinds.ts';
import type { Table } from '../table/table.ts';
import type { CsvSource } from './open-source.ts';
import { csvTableReader } from './csv-table-reader.ts';
import { parseCsv, readCsv } from './read-csv.ts';

const people = { features: { age: numeric(), state: categorical() }, tasks: { income: binary() } };
const TEXT = 'age,state,income\n41,Utah,1\n17,,0\n,Iowa,\n';

const textsOf = (table: Table, name: string): (string | null)[] => {
  const { codes, dictionary } = table.columns.texts[name]!;
  return Array.from(codes, (code) => (code < 0 ? null : dictionary[code]!));
};
const isPeople = (table: Table): void => {
  expect(table.columns.numbers['age']).toEqual(Float64Array.of(41, 17, NaN));
  expect(textsOf(table, 'state')).toEqual(['Utah', null, 'Iowa']);
  expect(textsOf(table, 'income')).toEqual(['1', '0', null]);
};

describe('parseCsv', () => {
  it('reads columns by their names, whatever their order and whatever else is there', () => {
    isPeople(parseCsv(TEXT, people));
    isPeople(parseCsv('x,income,age,y,state\n?,1,41,a,Utah\n?,0,17,b,\n?,,,c,Iowa', people));
  });

  it('gives back any texts that were written by the rules of RFC 4180, cut anywhere', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'Ω', ';'), maxLength: 6 });
    const cells = fc.array(fc.record({ a: cell, b: cell }), { minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 5 });
    fc.assert(
      fc.property(cells, cuts, fc.constantFrom('\n', '\r\n'), (rows, places, newline) => {
        const text = Papa.unparse(rows, { quotes: true, newline });
        const reader = csvTableReader('text', {
          features: { a: categorical(), b: categorical() },
          tasks: {},
          trim: false,
        });
        const bounds = [0, ...places.filter((place) => place < text.length).sort((x, y) => x - y), text.length];
        bounds.slice(1).forEach((end, i) => reader.push(text.slice(bounds[i], end)));
        reader.end();
        const table = reader.take();
        expect(textsOf(table, 'a')).toEqual(rows.map(({ a }) => a || null));
        expect(textsOf(table, 'b')).toEqual(rows.map(({ b }) => b || null));
      }),
      { numRuns: repetitions(300) },
    );
  });

  it('knows the line that each row begins on, after cells of several lines and blank lines', () => {
    const table = parseCsv('age,state,income\n\n1,"two\nlines",1\r\n2,b,0\n   \n3,"""q""",1', people);
    expect([0, 1, 2].map((row) => table.where(row))).toEqual([
      'the text, line 3',
      'the text, line 5',
      'the text, line 7',
    ]);
    expect(table.subset([2]).where(0)).toBe('the text, line 7');
    expect(textsOf(table, 'state')).toEqual(['two\nlines', 'b', '"q"']);
  });

  it.each(['\n', '\r\n', '\r'])('reads lines that end in %j', (newline) => {
    isPeople(parseCsv(TEXT.replaceAll('\n', newline), people));
  });

  it('takes blanks off, also around quotes, unless told not to', () => {
    const text = ' age , state ,income\n 41 ,  Utah , 1\n17, "New York",0 \n';
    expect(textsOf(parseCsv(text, people), 'state')).toEqual(['Utah', 'New York']);
    const kept = parseCsv('age,state,income\n1, Utah,1', { ...people, trim: false });
    expect(textsOf(kept, 'state')).toEqual([' Utah']);
  });

  it('reads other delimiters, given names, a byte order mark, and markers for what is missing', () => {
    isPeople(parseCsv(`\uFEFF${TEXT.replaceAll(',', '\t')}`, { ...people, delimiter: '\t' }));
    isPeople(parseCsv(TEXT.replaceAll(',', ' || '), { ...people, delimiter: '||' }));
    isPeople(
      parseCsv('41,Utah,1\n17,?,0\nNA,Iowa,?\n', {
        ...people,
        header: ['age', 'state', 'income'],
        missing: ['?', 'NA'],
      }),
    );
  });

  it('reads lists within cells, and vectors from several columns', () => {
    const table = parseCsv('tags,x0,x1,y\na; b,1,2,1\n,3,4,0\n', {
      features: { tags: multiValued({ separator: ';' }), x: vector({ columns: ['x0', 'x1'] }) },
      tasks: { y: binary() },
    });
    expect(table.columns.lists['tags']).toMatchObject({ offsets: Uint32Array.of(0, 2, 2), dictionary: ['a', 'b'] });
    expect(table.columns.numbers['x1']).toEqual(Float64Array.of(2, 4));
  });
});

describe('numbers with commas', () => {
  const read = (cell: string) => parseCsv(`x,y\n"${cell}",1\n`, { features: { x: numeric() }, tasks: { y: binary() } });
  const decimal = 'Pass decimal: ",", if commas are decimal points in the whole file.';
  it.each([
    ['1,000', `Remove the commas if they separate thousands: 1000. ${decimal}`],
    ['-1,234,567.5', 'Remove the commas if they separate thousands: -1234567.5.'],
    ['1,5', decimal],
  ])('are an error that says what %s may mean', (cell, fix) => {
    expect(() => read(cell)).toThrow(`received "${cell}". ${fix}`);
  });
});

describe('decimal commas', () => {
  const prices = { features: { price: numeric(), name: categorical() }, tasks: { sold: regression() } };
  const text = 'price;name;sold\n12,5;1,5;0,25\n-1.234.567,0;a;1,5e-3\n7;b;3\n;c;NA\n';

  it('are read in numbers and labels, with points between thousands; texts stay', () => {
    const { columns } = parseCsv(text, { ...prices, delimiter: ';', decimal: ',', missing: ['NA'] });
    expect([...columns.numbers['price']!]).toEqual([12.5, -1234567, 7, NaN]);
    expect([...columns.numbers['sold']!]).toEqual([0.25, 0.0015, 3, NaN]);
    expect(columns.texts['name']!.dictionary).toEqual(['1,5', 'a', 'b', 'c']);
  });

  it.each([
    ['1.234', 'which may be 1234 or 1.234'],
    ['1.5', 'a point'],
    ['12.34,5', 'points elsewhere'],
    ['1,2,3', 'two commas'],
  ])('%s is refused: %s', (cell) => {
    const read = () => parseCsv(`price;name;sold\n${cell};a;1\n`, { ...prices, delimiter: ';', decimal: ',' });
    expect(read).toThrow(`Expected a number in the text, line 2, column "price", received "${cell}"`);
  });

  it('are an error without the option, which the message names', () => {
    expect(() => parseCsv(text, { ...prices, delimiter: ';' })).toThrow(
      'Pass decimal: ",", if commas are decimal points in the whole file.',
    );
  });
});

describe('faults in CSV', () => {
  const faults: [string, string, RegExp][] = [
    [
      'a cell too many',
      'age,state,income\n1,a,0\n1,a,0,9\n',
      /Expected 3 cells in people\.csv, line 3, received 4\. .*delimiters \(","\)/,
    ],
    ['a cell too few', 'age,state,income\n1,a\n', /3 cells in people\.csv, line 2, received 2/],
    [
      'a text for a number',
      'age,state,income\n1,a,0\nold,a,0\n',
      /a number in people\.csv, line 3, column "age", received "old"\. .*missing: \["old"\]/,
    ],
    [
      'an infinite number',
      'age,state,income\n1e999,a,0\n',
      /a number in people\.csv, line 2, column "age", received "1e999"/,
    ],
    [
      'no such column',
      'age,sate,income\n1,a,0\n',
      /column "state" in people\.csv, line 1, received 3 other columns\. Did you mean "sate"\?/,
    ],
    [
      'another delimiter',
      'age;state;income\n1;a;0\n',
      /received 1 other column\. The line is not cut by ",": "age;state;income"; pass delimiter/,
    ],
    ['a column twice', 'age,state,income,age\n1,a,0,2\n', /one column "age" in people\.csv, line 1, received two/],
    ['nothing', '', /at least one row in people\.csv, received an empty text/],
    ['names alone', 'age,state,income\n', /at least one row in people\.csv, received the names of columns alone/],
    ['an open quote', 'age,state,income\n1,a,0\n1,"a,0\n2,b,1\n', /quoted cells to be closed.* in people\.csv, line 3/],
    ['text after a quote', 'age,state,income\n1,"a"b,0\n', /quoted cells to be closed.* in people\.csv, line 2/],
  ];

  it('refuses a header without a name', () => {
    expect(() => parseCsv('1,a,0\n', { ...people, header: [] })).toThrow(
      /a list of 1 or more for .*header, received \[\]/,
    );
  });

  it.each(faults)('%s: says what and where', (_, text, message) => {
    expect(() => parseCsv(text, { ...people, name: 'people.csv' })).toThrow(message);
  });

  it('a quote that is never closed is noticed before the whole file is in memory', () => {
    const reader = csvTableReader('big.csv', people);
    reader.push('age,state,income\n1,"a,0\n');
    const piece = '1,a,0\n'.repeat(100_000);
    expect(() => {
      for (let i = 0; i < 100; i++) reader.push(piece);
    }).toThrow(/quoted cells to be closed.* in big\.csv, line 2/);
  });

  it('a delimiter that can be none', () => {
    expect(() => parseCsv(TEXT, { ...people, delimiter: '"' })).toThrow(/a delimiter that is no quote/);
    expect(() => parseCsv(TEXT, { ...people, delimiter: '' })).toThrow(/a delimiter/);
  });

  it('a vector in one cell', () => {
    expect(() => parseCsv('x,y\n1 2,1\n', { features: { x: vector({ width: 2 }) }, tasks: { y: binary() } })).toThrow(
      /2 finite numbers in the text, line 2, column "x", received "1 2"\. .*vector\(\{ columns/,
    );
  });
});

describe('readCsv', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'polytask-csv-'));
    writeFileSync(join(directory, 'people.csv'), TEXT);
    writeFileSync(join(directory, 'people.csv.gz'), gzipSync(TEXT));
    writeFileSync(join(directory, 'people.csv.br'), brotliCompressSync(TEXT));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(['people.csv', 'people.csv.gz', 'people.csv.br'])('reads %s by its path and its URL', async (name) => {
    const table = await readCsv(join(directory, name), people);
    isPeople(table);
    expect(table.where(1)).toBe(`${join(directory, name)}, line 3`);
    isPeople(await readCsv(pathToFileURL(join(directory, name)), { ...people, name: 'mine' }));
  });

  it('reads blobs, streams and iterables of bytes and of texts, a byte at a time', async () => {
    const bytes = new TextEncoder().encode(`${TEXT}9,Ω,1\n`);
    async function* single(values: Iterable<Uint8Array | string>) {
      yield* values;
    }
    const sources: CsvSource[] = [
      new Blob([bytes]),
      new Blob([bytes]).stream(),
      single([...bytes].map((byte) => Uint8Array.of(byte))),
      single([...`${TEXT}9,Ω,1\n`]),
      new Blob([new Uint8Array(gzipSync(bytes))]),
    ];
    for (const source of sources)
      expect(textsOf(await readCsv(source, people), 'state')).toEqual(['Utah', null, 'Iowa', 'Ω']);
    const brotli = single([brotliCompressSync(bytes)]);
    expect((await readCsv(brotli, { ...people, compression: 'brotli' })).size).toBe(4);
  });

  it.each([
    [
      'cut.csv.gz',
      gzipSync(TEXT.repeat(100)).subarray(0, 50),
      /a whole gzip file in .*cut\.csv\.gz, received damaged or cut-off data \("unexpected end of file"\)\. Copy/,
    ],
    [
      'cut.csv.br',
      brotliCompressSync(TEXT.repeat(100)).subarray(0, 30),
      /a whole brotli file in .*cut\.csv\.br, received damaged or cut-off/,
    ],
    ['none.csv.gz', Buffer.from(TEXT), /a whole gzip file in .*none\.csv\.gz, received .*incorrect header/],
    ['none.csv.br', Buffer.from(TEXT), /a whole brotli file in .*none\.csv\.br/],
    ['empty.csv.gz', gzipSync(''), /at least one row in .*empty\.csv\.gz, received an empty text/],
    [
      'latin.csv',
      Buffer.from('age,state,income\n1,Kärnten,1\n', 'latin1'),
      /utf-8 text in .*latin\.csv, received bytes that are none.*latin1/,
    ],
  ])('refuses %s', async (name, bytes, message) => {
    writeFileSync(join(directory, name), bytes);
    await expect(readCsv(join(directory, name), people)).rejects.toThrow(message);
  });

  it('reads other encodings by name, and knows those that are none', async () => {
    const source = new Blob([new Uint8Array(Buffer.from('age,state,income\n1,Kärnten,1\n', 'latin1'))]);
    expect(textsOf(await readCsv(source, { ...people, encoding: 'latin1' }), 'state')).toEqual(['Kärnten']);
    await expect(readCsv(source, { ...people, encoding: 'latin-9000' })).rejects.toThrow(
      /TextDecoder knows, received "latin-9000"/,
    );
  });

  it('refuses UTF-8 that another encoding would read as other letters', async () => {
    const refused =
      /latin1 text in the text, received UTF-8, whose letters would be other ones\. Pass encoding: 'utf-8'/;
    const bytesOf = (text: string, encoding: 'utf8' | 'latin1') => {
      const all = new Uint8Array(Buffer.from(text, encoding));
      const middle = all.indexOf(0xc3) + 1; // within a character, if it has two bytes
      return (async function* () {
        yield all.subarray(0, middle);
        yield all.subarray(middle);
      })();
    };
    const read = (text: string, encoding: 'utf8' | 'latin1') =>
      readCsv(bytesOf(text, encoding), { ...people, encoding: 'latin1', name: 'the text' });
    const one = 'age,state,income\n1,Kärnten,1\n';
    await expect(read(one, 'utf8')).rejects.toThrow(refused);
    await expect(read(one + '2,Köln,0\n'.repeat(1e5), 'utf8')).rejects.toThrow(refused);
    expect(textsOf(await read(one, 'latin1'), 'state')).toEqual(['Kärnten']);
    expect(textsOf(await read(`${one}2,Ã¤,0\n`, 'latin1'), 'state')).toEqual(['Kärnten', 'Ã¤']); // some of it isn't UTF-8
    expect(textsOf(await read('age,state,income\n1,Wien,1\n', 'utf8'), 'state')).toEqual(['Wien']);
  });

  it.each(['utf-16le', 'utf-16be', 'utf-8'])('reads %s by its byte order mark', async (encoding) => {
    const text = '\uFEFFage,state,income\n1,Kärnten,1\n2,東京 𝄞,0\n';
    const little = Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le');
    const bytes = new Uint8Array(encoding === 'utf-16be' ? little.swap16() : little);
    const read = { ...people, name: 'people.csv' };
    for (const source of [new Blob([bytes]), new Blob([new Uint8Array(gzipSync(bytes))])])
      expect(textsOf(await readCsv(source, read), 'state')).toEqual(['Kärnten', '東京 𝄞']);
  });

  it('suggests the file that was meant, and knows a directory from a file', async () => {
    await expect(readCsv(join(directory, 'poeple.csv'), people)).rejects.toThrow(
      /a file that can be read at .*poeple\.csv, received none\. Did you mean "people\.csv"\?/,
    );
    await expect(readCsv(directory, people)).rejects.toThrow(/to be a file, received a directory/);
    await expect(readCsv(join(directory, 'no', 'where.csv'), people)).rejects.toThrow(/received none\. Look at/);
  });

  it('passes on what goes wrong in a stream itself', async () => {
    async function* broken() {
      yield 'age,state,income\n';
      throw new Error('the line went dead');
    }
    await expect(readCsv(broken(), people)).rejects.toThrow('the line went dead');
    await expect(readCsv(broken(), { ...people, compression: 'none' })).rejects.toThrow('the line went dead');
  });

  describe('from a server', () => {
    let server: Server;
    let origin: string;
    beforeAll(async () => {
      server = createServer((request, response) => {
        if (request.url === '/people.csv') response.end(TEXT);
        else if (request.url === '/people.csv.gz?v=2') response.end(gzipSync(TEXT));
        else if (request.url === '/sent.csv.br')
          response.setHeader('content-encoding', 'br').end(brotliCompressSync(TEXT));
        else response.writeHead(404).end();
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    it.each(['/people.csv', '/people.csv.gz?v=2', '/sent.csv.br'])('reads %s', async (path) => {
      isPeople(await readCsv(origin + path, people));
      isPeople(await readCsv(new URL(path, origin), people));
    });

    it('says what was tried where there is no answer or no file', async () => {
      await expect(readCsv(`${origin}/other.csv`, people)).rejects.toThrow(
        /a file at http.*other\.csv, received status 404/,
      );
      await expect(readCsv('http://127.0.0.1:1/people.csv', people)).rejects.toThrow(
        /an answer from http:\/\/127\.0\.0\.1:1\/people\.csv, received "fetch failed: /,
      );
    });
  });

  it.runIf(existsSync('/proc/self/fd'))('closes the file after a fault in its first rows, packed or not', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(join(directory, 'long.csv'));
        } catch {
          return false; // the one that lists the others
        }
      });
    const text = `age,state,income\nold,a,1\n${Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 104_729},a,1\n`).join('')}`;
    writeFileSync(join(directory, 'long.csv'), text);
    writeFileSync(join(directory, 'long.csv.gz'), gzipSync(text));
    for (const name of ['long.csv', 'long.csv.gz']) {
      await expect(readCsv(join(directory, name), people)).rejects.toThrow(/line 2, column "age"/);
      await vi.waitFor(() => expect(open()).toEqual([]));
    }
  });

  it('keeps the types of tasks', async () => {
    const table = await readCsv(join(directory, 'people.csv'), {
      features: { state: categorical() },
      tasks: { years: regression({ from: 'age' }) },
    });
    expect(table.tasks.years.kind).toBe('regression');
    // @ts-expect-error no such task
    expect(table.tasks.hours).toBeUndefined();
  });
});
