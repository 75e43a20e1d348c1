import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadInPage } from '../../../../page.base.ts';
import { nodeModule } from './node-module.ts';

/** What a page does: reads a Blob, a path, and asks for modules of Node. */
const PROGRAM = `
  import { binary } from '@polytask/core';
  import { categorical, numeric } from '../declarations/kinds.ts';
  import { readCsv } from '../csv/read-csv.ts';
  import { nodeModule, optionalNodeModule } from './node-module.ts';
  const people = { features: { age: numeric(), state: categorical() }, tasks: { income: binary() } };
  export async function read(source) {
    try {
      const { columns } = await readCsv(typeof source === 'string' ? source : new Blob([source]), people);
      const { codes, dictionary } = columns.texts.state;
      return JSON.stringify([...columns.numbers.age].map((age, r) => [age, dictionary[codes[r]] ?? null]));
    } catch (error) {
      return error.message;
    }
  }
  export const hasZlib = () => optionalNodeModule('node:zlib') !== undefined;
  export const readFile = () => {
    try {
      return typeof nodeModule('node:fs', 'reading a file');
    } catch (error) {
      return error.message;
    }
  };
`;

interface Page {
  read(source: string | Uint8Array): Promise<string>;
  hasZlib(): boolean;
  readFile(): string;
}

const TEXT = 'age,state,income\n41,Utah,1\n17,,0\n,Iowa,\n';

describe('without Node', () => {
  let page: Page;
  beforeAll(async () => {
    // the streams belong to this process, and so do their errors
    page = await loadInPage<Page>(PROGRAM, import.meta.dirname, { Error, TypeError });
  });

  it('reads gzip, as a browser does', async () => {
    expect(JSON.parse(await page.read(gzipSync(TEXT)))).toEqual([
      [41, 'Utah'],
      [17, null],
      [null, 'Iowa'],
    ]);
    expect(await page.read(gzipSync(TEXT.repeat(9)).subarray(0, 40))).toMatch(
      /a whole gzip file in the Blob, received damaged or cut-off data/,
    );
  });

  it('says that a path needs Node', async () => {
    expect(await page.read('people.csv')).toMatch(/Expected Node, for reading a file by its path/);
  });

  it('has no module of Node, and Node has', () => {
    expect(page.hasZlib()).toBe(false);
    expect(page.readFile()).toMatch(/Expected Node, for reading a file, received an engine without/);
    expect(typeof nodeModule('node:fs', 'a test').readFileSync).toBe('function');
  });
});
