import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli/main.ts';
import { runSuite } from '../run-suite.ts';
import { capturedIo } from '../testing/captured-io.ts';
import { openResults } from '../trials/run-files.ts';

let out: string;
let file: string;
let text: string;
beforeAll(async () => {
  out = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  file = path.join(out, 'results.jsonl');
  const choices = {
    suite: 'synthetic',
    models: ['logistic-regression', 'single-task'],
    seeds: [1],
    limitRows: 200,
    epochs: 1,
  };
  const { trials } = await runSuite({ ...choices, engine: 'cpu' }); // without the pictures of a report
  for (const trial of trials) await openResults(out).append(trial);
  text = await readFile(file, 'utf8');
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function verify(...argv: string[]) {
  const captured = capturedIo();
  const code = await main(['verify', out, ...argv], captured.io);
  return { code, out: captured.out(), err: captured.err() };
}

test('the repeated trials have the same metrics', async () => {
  const { code, out: shown } = await verify('--limit-rows', '200', '--trials', '2');
  expect(code).toBe(0);
  expect(shown.match(/: the same metrics\n/g)).toHaveLength(2);
  expect(shown).toContain('2 of 2 trials agree');
});

test('of results of several suites, those of the suite that is named are repeated', async () => {
  const [first] = await openResults(out).read();
  await openResults(out).append({ ...first!, suite: 'another' });
  const { code, out: shown } = await verify('synthetic', '--limit-rows', '200', '--trials', '9');
  await writeFile(file, text);
  expect([code, shown]).toEqual([0, expect.stringContaining('2 of 2 trials agree')]);
});

type Changed = Record<'versions', Record<string, string>> & {
  metrics: Record<string, Record<string, number>>;
  sha256?: string;
};

test('a metric that was changed is found, and another version is said', async () => {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Changed);
  for (const line of lines) {
    const { metrics, versions } = line;
    delete line.sha256; // as of somebody who changes a line on purpose
    metrics['task2']!['auc']! += 0.01;
    versions['node'] = '1.2.3';
  }
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { code, out: shown, err } = await verify('--limit-rows', '200', '--trials', '1');
  expect(code).toBe(1);
  expect(shown).toContain('DIFFERS, at most by 0.010 (task2 auc)');
  expect(err).toContain('and was 1.2.3.');
  expect((await verify('--limit-rows', '200', '--trials', '1', '--tolerance', '0.02')).code).toBe(0);
});

test('other data are refused before anything is trained', async () => {
  const { code, err } = await verify('--limit-rows', '100');
  expect(code).toBe(1);
  expect(err).toContain('Expected the data of the results');
});
