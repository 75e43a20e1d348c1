import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolder } from './node.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));

/** Leaves a claim as another owner would. @param sign when the owner last said that it lives */
async function leave(name: string, owner: string, sign = new Date()): Promise<void> {
  const lock = join(directory, '.polytask-claims', name);
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, owner), '');
  await utimes(join(lock, owner), sign, sign);
}

it('one of many gets a name, until it gives the name back; other names are free', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => openFolder(directory).claim('a')));
  const [release, ...others] = claims.filter((each) => each !== undefined);
  expect(others).toEqual([]);
  expect(await openFolder(directory).claims()).toEqual([
    { name: 'a', owner: `process ${process.pid} on ${hostname()}` },
  ]);
  const other = await openFolder(directory).claim('b');
  expect(other).toBeDefined();
  await release!();
  await other!();
  expect(await readdir(directory)).toEqual([]);
  expect(await openFolder(directory).claim('a')).toBeDefined();
});

it('a claim holds up no writer', async () => {
  const folder = openFolder(directory);
  await folder.claim('a');
  await folder.write((writer) => writer.replace('file', 'text'));
  expect((await readdir(directory)).sort()).toEqual(['.polytask-claims', 'file']);
});

it('what a living process has is not to be had; what a dead one had is', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  await leave('a', [hostname(), other.pid, 0, 'x'].join('~'));
  expect(await openFolder(directory).claim('a')).toBeUndefined();
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await openFolder(directory).claims()).toEqual([]);
  expect(await openFolder(directory).claim('a')).toBeDefined();
});

it('another machine keeps a claim as long as it gives signs', async () => {
  await leave('a', 'elsewhere~1~0~x');
  await leave('b', 'elsewhere~1~0~y', new Date(Date.now() - 601_000));
  const folder = openFolder(directory);
  expect(await folder.claims()).toEqual([{ name: 'a', owner: 'process 1 on elsewhere' }]);
  expect(await folder.claim('a')).toBeUndefined();
  expect(await folder.claim('b')).toBeDefined();
});
