import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { trainingAnswer } from '@polytask/study';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  expect(byTime.randomSplit).toEqual({
    ...{ model: 'gradient-boosting', by: 'time' },
    tasks: {
      y: {
        metric: 'auc',
        score: byTime.trials[0].metrics['y']!.auc,
        random: random.trials[0].metrics['y']!.auc,
      },
    },
  });
  expect(byTime.randomSplit!.tasks['y']!.score).toBeLessThan(0.2);
  expect(byTime.randomSplit!.tasks['y']!.random).toBeGreaterThan(0.6);
  expect(trainingAnswer(byTime).join('\n')).toMatch(
    /^With a random split, gradient-boosting would have AUC 0\.\d+ on y; with this split by time it has AUC 0\.\d+ on y\. Don't/m,
  );
  expect(random.randomSplit).toBeUndefined();
});

test('so have rows that are split by groups, unless boosting is switched off', async () => {
  const split = { kind: 'random', groupBy: 'user', ...SHARES };
  expect((await reportOf(split, { model: 'shared-bottom', epochs: 1 })).randomSplit).toMatchObject({
    ...{ model: 'gradient-boosting', by: 'user' },
  });
  expect((await reportOf(split, { boosting: false })).randomSplit).toBeUndefined();
});
