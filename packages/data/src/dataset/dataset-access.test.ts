import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataset } from './open-dataset.ts';

let top: string;
let folder: string;
const SECRET = 'root:x:0:0:root:/root';
const CSV = `x,y\n${'1,0\n2,1\n'.repeat(20)}`;

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'polytask-access-'));
  folder = join(top, 'sets');
  mkdirSync(join(folder, 'rows'), { recursive: true });
  writeFileSync(join(top, 'passwd'), `${SECRET}\n`);
  writeFileSync(join(top, 'outside.csv'), CSV);
  writeFileSync(join(folder, 'rows', 'a.csv'), CSV);
  writeFileSync(join(folder, '..rows.csv'), CSV);
  writeFileSync(join(folder, 'bomb.csv.gz'), gzipSync(`x,y\n${'1,0\n'.repeat(300_000)}`));
  symlinkSync(join(top, 'passwd'), join(folder, 'link.csv'));
  symlinkSync(top, join(folder, 'up'));
  execFileSync('mkfifo', [join(folder, 'pipe.csv')]); // a read of it waits for a writer, for ever
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const open = (files: unknown, access?: Parameters<typeof openDataset>[1]) => {
  const path = join(folder, 'set.json');
  writeFileSync(path, JSON.stringify({ files, features: { x: 'numeric' }, tasks: { y: 'binary' } }));
  return openDataset(path, access);
};

it('reads files below its own folder', async () => {
  expect((await open(['rows/a.csv', './rows/../rows/a.csv', '..rows.csv'])).parts(1).train.size).toBe(96);
});

it.each([
  ['../passwd'],
  ['/etc/passwd'],
  ['rows/../../passwd'],
  ['../none-at-all'],
  ['link.csv'],
  ['up/passwd'],
  ['pipe.csv'],
  ['https://example.org/a.csv'],
  [pathToFileURL('/etc/passwd').href],
])('refuses %s, with the option that allows it, and reads nothing', async (name) => {
  const received = `to name files below its own folder, and neither pipes nor devices, received ${JSON.stringify(name)}`;
  for (const files of [name, ['rows/a.csv', name], { train: 'rows/a.csv', test: name }]) {
    await expect(open(files)).rejects.toThrow(`${received}. If you trust the file, pass --allow-files-outside`);
    await expect(open(files)).rejects.not.toThrow(SECRET);
  }
});

it('reads other files where the caller allows it', async () => {
  expect((await open('../outside.csv', { allowFilesOutside: true })).parts(1).train.size).toBe(32);
  await expect(open('rows/a.csv', { allowFileOutside: true } as object)).rejects.toThrow(
    'Did you mean "allowFilesOutside"?',
  );
});

it('has one budget for all its files', async () => {
  await expect(open('bomb.csv.gz', { limits: { rows: 100_000 } })).rejects.toThrow(
    'Expected at most 100,000 rows up to the end of',
  );
  const twice = ['rows/a.csv', 'rows/a.csv'];
  expect((await open(twice, { limits: { rows: 80 } })).parts(1).train.size).toBe(64);
  await expect(open(twice, { limits: { rows: 79 } })).rejects.toThrow('raise the limit: limits: { rows: 790 }');
});
