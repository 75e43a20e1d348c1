import { binary } from '@polytask/core';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { categorical, numeric } from '../declarations/kinds.ts';
import { csvStream } from '../streams/table-stream.ts';
import { csvScanner, type CsvFormat } from './csv-tokenizer.ts';
import { parseCsv, readCsv } from './read-csv.ts';

const people = { features: { age: numeric(), state: categorical() }, tasks: { income: binary() } };

/** Rows and their lines, of a text that comes in pieces of some length. */
function rowsOf(text: string, passed: Partial<CsvFormat>, piece = text.length): [string[], number][] {
  const rows: [string[], number][] = [];
  const scanner = csvScanner({ delimiter: ',', ...passed }, 'text', (cells, line) => void rows.push([cells, line]));
  for (let at = 0; at < text.length; at += piece) scanner.push(text.slice(at, at + piece));
  scanner.end();
  return rows;
}

describe('rows and cells of a CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '|', '\n', '\r\n', ' ', 'Ω', 'b'), maxLength: 5 });
  const cells = fc.array(
    fc.oneof(
      cell,
      cell.map((text) => JSON.stringify(text)),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const delimiters = fc.constantFrom(',', ';', '||', 'Ω', ' ');

  it('are those of Papa Parse, and quotes that it refuses are errors', () => {
    fc.assert(
      fc.property(cells, delimiters, fc.constantFrom('\n', '\r\n', '\r'), (all, delimiter, newline) => {
        const text = `first${newline}row${delimiter}${all.map((each, i) => each + (i % 3 === 2 ? newline : delimiter)).join('')}`;
        const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline });
        const read = () => rowsOf(text, { delimiter }, 1 + (text.length % 7)).map(([own]) => own);
        if (errors.some(({ type }) => type === 'Quotes')) expect(read).toThrow(/quoted cells to be closed/);
        else expect(read()).toEqual(data.filter((own) => own.length > 1 || own[0]!.trim() !== ''));
      }),
      { numRuns: repetitions(2000) },
    );
  });
});

describe('comments and first lines of a CSV', () => {
  it('are passed over, and the lines of the file are still counted', () => {
    const text =
      'Survey of 2024, "raw\n\n# names\nage,state,income\n# a, "quote\n41,"New\nYork",1\n\n#\n17,#2,0\n# end';
    const table = parseCsv(text, { ...people, name: 'people.csv', skip: 1, comment: '#' });
    expect(Array.from(table.columns.numbers['age']!)).toEqual([41, 17]);
    expect(table.columns.texts['state']!.dictionary).toEqual(['New\nYork', '#2']);
    expect([table.where(0), table.where(1)]).toEqual(['people.csv, line 6', 'people.csv, line 10']);
  });

  it('do not move the place of an error', () => {
    const text = 'title\n// names follow\nage,state,income\n// none\nold,a,1\n';
    expect(() => parseCsv(text, { ...people, skip: 1, comment: '//' })).toThrow(
      'Expected a number in the text, line 5, column "age", received "old".',
    );
    expect(() => parseCsv('# a\nage,state,income\n# b\n1,"a,1\n', { ...people, comment: '#' })).toThrow(
      /quoted cells to be closed.* line 4/,
    );
  });

  it.each([[{}], [{ comment: '#' }]])(
    'counts the lines of a quoted cell that ends them otherwise than the file: %j',
    (options) => {
      const lines = (text: string) => rowsOf(text, options).map(([, line]) => line);
      expect(lines('x,y\r\na,"b\nc\nd"\r\n1,2\r\n')).toEqual([1, 2, 5]);
      expect(lines('x,y\na,"b\r\nc"\n1,2\n')).toEqual([1, 2, 4]);
      expect(lines('x,y\ra,"b\nc\r\nd\re"\r1,2\r')).toEqual([1, 2, 6]);
    },
  );

  it('gives a text with comments the rows that it has without them, in pieces of any length', () => {
    const cell = fc.constantFrom('a', '"b,\n#c"', '#d', '', '" ""e"');
    const row = fc.tuple(fc.constantFrom('x', '"#y\nz"'), cell).map((cells) => cells.join(','));
    const comment = fc.constantFrom('#', '#,"', '# one, two', '#"');
    const lines = fc.array(fc.oneof(row, comment, fc.constant('')), { minLength: 1, maxLength: 12 });
    const newlines = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(
        lines,
        newlines,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 3 }),
        (all, newline, piece, skip) => {
          const inLine = all.map((each) => each.replaceAll('\n', newline));
          const text = [...Array<string>(skip).fill('"skipped'), ...inLine, ''].join(newline);
          // a comment is a blank line to everybody else: same rows, same lines
          const blank = [
            ...Array<string>(skip).fill(''),
            ...inLine.map((each) => (each.startsWith('#') ? '' : each)),
            '',
          ];
          expect(rowsOf(text, { comment: '#', skip }, piece)).toEqual(rowsOf(blank.join(newline), {}));
        },
      ),
    );
  });

  it('are read alike from a file and a stream', async () => {
    const text = 'a title\nage,state,income\n# no row\n41,Utah,1\n17,Iowa,0\n';
    const options = { ...people, skip: 1, comment: '#' };
    expect((await readCsv(new Blob([text]), options)).where(1)).toBe('the Blob, line 5');
    let rows = 0;
    for await (const { size } of csvStream(new Blob([text]), { ...options, chunkRows: 1 }).tables()) rows += size;
    expect(rows).toBe(2);
  });

  it('say so where nothing is left, and refuse what can be no comment or number of lines', () => {
    expect(() => parseCsv('age,state,income\n1,a,1\n', { ...people, skip: 9 })).toThrow(
      'Expected at least one row in the text, received an empty text. Look whether the file is the right one and whole, and at skip: 9.',
    );
    for (const comment of ['', '"', '#\n', ',']) {
      expect(() => parseCsv('age,state,income\n1,a,1\n', { ...people, comment })).toThrow(/Expected a comment that/);
    }
    expect(() => parseCsv('age,state,income\n1,a,1\n', { ...people, skip: -1 })).toThrow(
      'Expected a whole number of 0 or more for parseCsv.skip, received -1',
    );
  });
});
