import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { tradeOffs } from './trade-offs.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-trade-offs-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { io, out, err } = capturedIo();
  const code = await main(['trade-offs', ...argv], io);
  return { code, out: out(), err: err() };
}

const QUICK = ['synthetic', '--limit-rows', '60', '--epochs', '1', '--engine', 'cpu', '--workers', '0', '--seeds', '2'];
const CHOSEN = ['--task', 'task2', '--weights', '0.8,0.2', '--models', 'shared-bottom'];

test('the command trains at each weight, and one model of all; it writes a page, and goes on from its trials', async () => {
  const results = path.join(directory, 'results');
  const { code, out, err } = await run(...QUICK, ...CHOSEN, '--out', results);
  expect(code).toBe(0);
  expect(out).toMatch(/^Trade-offs between task2 and task1 and task3\n/);
  for (const name of ['shared-bottom', 'shared-bottom, one model'])
    for (const weight of ['0.2', '0.8']) expect(out).toMatch(new RegExp(`^${name} +${weight} +0\\.\\d{4} ±`, 'm'));
  expect(err).toContain('One model of all weights: shared-bottom, seed 2: 2 of 2 trainings.');
  expect(err).toContain('4 trials');
  expect(await readdir(results)).toEqual(expect.arrayContaining(['trade-offs.html', 'report.html', 'results.jsonl']));

  const again = await run(...QUICK, ...CHOSEN, '--out', results, '--json');
  expect(again.err).toContain('4 trials, 4 of them there already');
  const { task, others, points } = JSON.parse(again.out) as Awaited<ReturnType<typeof tradeOffs>>;
  expect([task, others]).toEqual(['task2', ['task1', 'task3']]);
  expect(points.map(({ weight, isConditioned }) => [weight, isConditioned])).toEqual([
    [0.2, false],
    [0.8, false],
    [0.2, true],
    [0.8, true],
  ]);
  for (const { runs } of points) expect(runs.map(({ seed }) => seed)).toEqual([1, 2]);
});

test.each<[object, string]>([
  [{ suite: 'synthetic-correlation' }, 'Expected a suite of one setting, received 5 in synthetic-correlation'],
  [{ suite: 'synthetic', task: 'task9' }, 'received task9, of task1, task2, task3'],
  [{ suite: 'synthetic', weights: [0.5] }, 'weights'],
  [{ suite: 'synthetic', weights: [0.5, 1.5] }, 'a number in [0, 1]'],
  [{ suite: 'synthetic', models: ['gradient-boosting'] }, 'gradient-boosting, which trains itself'],
  [{ suite: { name: 'one', extends: 'synthetic', data: { tasks: 1 } } }, 'Expected two tasks or more'],
])('%j is refused', async (options, message) => {
  await expect(tradeOffs({ engine: 'cpu', ...options } as never)).rejects.toThrow(message);
});
