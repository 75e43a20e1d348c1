import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { whichTogether } from './which-together.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-together-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['which-together', ...argv], io);
  return { code, out: out(), err: err() };
}

const QUICK = ['synthetic', '--limit-rows', '60', '--epochs', '1', '--engine', 'cpu', '--workers', '0', '--seeds', '2'];

test('the command measures gradients, compares, writes a page, and goes on from its trials', async () => {
  const results = path.join(directory, 'results');
  const { code, out, err } = await run(...QUICK, '--out', results);
  expect(code).toBe(0);
  expect(out).toMatch(/^Which of 3 tasks should share\n/);
  expect(out).toMatch(/^single-task +\d\.\d{4} ±/m);
  expect(out).toMatch(/^shared-bottom +\d\.\d{4} ±/m);
  expect(err).toContain('Gradients of shared-bottom, seed 2: 2 of 2 trainings.');
  expect(err).toContain(`Written: together.html, and the comparison, in ${results}`);
  expect(await readdir(results)).toEqual(expect.arrayContaining(['together.html', 'report.html', 'results.jsonl']));

  const again = await run(...QUICK, '--out', results, '--json');
  expect(again.err).toContain('4 trials, 4 of them there already');
  const { tasks, pairs, seeds } = JSON.parse(again.out) as Awaited<ReturnType<typeof whichTogether>>;
  expect([tasks, seeds]).toEqual([['task1', 'task2', 'task3'], 2]);
  expect(pairs.map((pair) => pair.tasks.join())).toEqual(['task1,task2', 'task1,task3', 'task2,task3']);
});

test.each<[object, string]>([
  [{ suite: 'synthetic-correlation' }, 'Expected a suite of one setting, received 5 in synthetic-correlation'],
  [{ suite: 'synthetic', models: ['adatt'] }, 'models'],
  [
    { suite: { name: 'two', extends: 'synthetic', data: { tasks: 2 } } },
    'Expected three tasks or more, which can be grouped',
  ],
])('%j is refused', async (options, message) => {
  await expect(whichTogether({ engine: 'cpu', ...options } as never)).rejects.toThrow(message);
});
