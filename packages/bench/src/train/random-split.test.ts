import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { comparisonDocument, renderText, trainingAnswer } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuite } from '../run-suite.ts';
import { train } from './train.ts';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-random-split-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const OPTIONS = { model: 'gradient-boosting', engine: 'cpu' } as const;

/** Rows in the order of their days, whose label turns on the last days. */
async function reportOf(split: object, options: Parameters<typeof train>[1] = {}) {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const x = (i * 37) % 101;
    return `${i},${x},u${i % 7},${x > 50 === i < 240 ? 'yes' : 'no'}`;
  });
  await writeFile(path.join(directory, 'rows.csv'), `day,x,user,y\n${rows.join('\n')}\n`);
  const file = path.join(directory, 'rows.json');
  const tasks = { y: { kind: 'binary', positive: 'yes' } };
  await writeFile(file, JSON.stringify({ files: 'rows.csv', features: { x: 'numeric' }, tasks, split }));
  const { model, report } = await train(file, { ...OPTIONS, ...options });
  model.dispose();
  return report;
}

const SHARES = { validation: 0.1, test: 0.2 };

test('rows that are split by time have the scores that a random split of the file would give', async () => {
  const byTime = await reportOf({ kind: 'time', column: 'day', ...SHARES });
  const random = await reportOf({ kind: 'random', ...SHARES });
  const [trees] = byTime.trials;
  expect(trees.randomSplit).toEqual({ by: 'time', metrics: random.trials[0].metrics });
  expect(trees.metrics['y']!.auc).toBeLessThan(0.2);
  expect(trees.randomSplit!.metrics['y']!.auc).toBeGreaterThan(0.6);
  expect(trainingAnswer(byTime).join('\n')).toMatch(
    /^With a random split, gradient-boosting would have AUC 0\.\d+ on y; with this split by time it has AUC 0\.\d+ on y\. Don't/m,
  );
  expect(random.trials[0].randomSplit).toBeUndefined();
});

test('so have rows that are split by groups, unless boosting is switched off', async () => {
  const split = { kind: 'random', groupBy: 'user', ...SHARES };
  const { trials } = await reportOf(split, { model: 'shared-bottom', epochs: 1 });
  expect(trials.map(({ model, randomSplit }) => [model, randomSplit?.by])).toEqual([
    ['shared-bottom', undefined],
    ['gradient-boosting', 'user'],
  ]);
  expect((await reportOf(split, { boosting: false })).trials[0].randomSplit).toBeUndefined();
});

test('so has a comparison, which keeps them with the trial of its first seed', async () => {
  await reportOf({ kind: 'time', column: 'day', ...SHARES });
  const { summaries, trials } = await runSuite({
    suite: path.join(directory, 'rows.json'),
    ...{ models: ['shared-bottom'], engine: 'cpu', epochs: 1, seeds: [1, 2] },
  });
  expect(trials.map(({ model, seed, randomSplit }) => [model, seed, randomSplit?.by])).toEqual([
    ['shared-bottom', 1, undefined],
    ['gradient-boosting', 1, 'time'],
    ['shared-bottom', 2, undefined],
    ['gradient-boosting', 2, undefined],
  ]);
  expect(renderText(comparisonDocument({ summaries, trials }))).toMatch(
    /With a random split, gradient-boosting would have AUC 0\.\d+ on y; with\s+this split by time it has AUC 0\.\d+ on y \(seed 1\)\./,
  );
});
