import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openFolder } from '@polytask/core';
import { lineOf, type StudyPlan } from '@polytask/study';
import { beforeEach, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from '../cli/main.ts';
import { countedRun } from '../queue/roster.ts';
import { writePlan } from '../trials/run-files.ts';
import { directoryStatus, progressOf, renderStatus } from './status.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-'));
  return () => rm(directory, { recursive: true, force: true });
});

const plan: StudyPlan = {
  ...{ suite: 'toy', engine: 'cpu', baseline: 'single-task', order: [], settings: [] },
  trials: [1, 2, 3].map((seed) => ({ key: `k${seed}`, setting: 'few labels', model: 'adatt', seed })),
};

test('a directory says what runs where, and what has failed and why', async () => {
  const folder = openFolder(directory);
  await folder.write((writer) => writePlan(writer, { plan, started: Date.now(), there: 0 }));
  const release = await folder.claim(lineOf('few labels', 'k1'));
  await mkdir(path.join(directory, 'failed'));
  await writeFile(
    path.join(directory, 'failed', 'k2.log'),
    'toy, adatt, seed 2\nError: not\u001b[31m finite\n    at x\n',
  );
  const status = await directoryStatus(directory);
  expect(status).toMatchObject({
    studies: [{ title: 'toy on cpu', total: 3, done: 0, failed: 1 }],
    running: [{ trial: 'few labels: adatt, seed 1', where: `process ${process.pid} on ${os.hostname()}` }],
    failed: [{ trial: 'few labels: adatt, seed 2' }],
  });
  await release!();
  const { io, out, err } = capturedIo();
  expect(await main(['status', directory], io)).toBe(0);
  expect(out()).toContain('toy on cpu: 0 of 3 trials done (0%), 1 failed');
  expect(out()).toContain('few labels: adatt, seed 2: Error: not\\u001b[31m finite');
  expect(await main(['status', path.join(directory, 'none')], io)).toBe(1);
  expect(err()).toContain('Name a directory that polytask bench has written to');
});

test('the rate is that of the trials since the start', () => {
  const counts = { total: 100, there: 40, done: 60, failed: 10, seconds: 600 };
  expect(progressOf('toy', counts)).toMatchObject({ perHour: 120, secondsLeft: 900 });
  expect(progressOf('toy', { ...counts, done: 40 }).perHour).toBeUndefined();
});

test('a run is counted, and its listener hears of all', () => {
  const heard: string[] = [];
  const { listener, facts } = countedRun('toy', 'cpu', {
    onTrialEnd: () => heard.push('end'),
    onNote: (message) => heard.push(message),
  });
  const place = { setting: '', model: 'adatt', seed: 1, number: 1, of: 4, epochs: 1 };
  listener.onStart?.({
    ...{ suite: 'toy', engine: 'cpu', models: [], baseline: '', seeds: [], settings: 1 },
    there: 2,
    total: 5,
  });
  listener.onTrialEnd?.({} as never, place);
  listener.onFinishedElsewhere?.(place);
  listener.onNote?.('a note');
  expect(facts()).toMatchObject({ total: 5, there: 2, done: 4, failed: 0 });
  expect(heard).toEqual(['end', 'a note']);
});

test('the workers of a queue are counted with what they run at a time', () => {
  const workers = [
    { name: 'a', processes: 4 },
    { name: 'b', processes: 2 },
  ];
  const running = [{ trial: 'adatt, seed 1', where: 'a', epoch: 3 }];
  expect(renderStatus({ studies: [], workers, waiting: 1200, running, failed: [] })).toBe(
    'No coordinator is there.\n\n2 workers for 6 trials at a time; 1,200 trials in the queue\n\n' +
      'Running: 1 trial\nadatt, seed 1  epoch 3  a\n',
  );
});
