import { checks } from '@polytask/core';
import { memoryStore, type TrialResult } from '@polytask/study';
import { trialOf } from '@polytask/study/testing';
import { testTracker } from '@polytask/testing';
import { defineTracker, openTracker, type RunDescription, type Tracker } from '@polytask/training';
import * as runner from 'vitest';
import { afterAll, expect, test, vi } from 'vitest';
import { specNamed } from '@polytask/components';
import { trackedStore } from './tracked-store.ts';
import { trackerNamed } from './trackers.ts';

const curve: TrialResult['curve'] = [
  { loss: 0.7, validation: { click: 0.6 }, seconds: 1 },
  { loss: 0.5, validation: { click: 0.8 }, seconds: 2 },
];

test('a stored trial is a run: its epochs, then its test scores at the kept epoch', async () => {
  const runs: { run: RunDescription; logs: [number, object][]; ends: string[] }[] = [];
  const tracker: Tracker = {
    async start(run) {
      const entry = { run, logs: [] as [number, object][], ends: [] as string[] };
      runs.push(entry);
      return {
        log: async (step, values) => void entry.logs.push([step, values]),
        end: async (status) => void entry.ends.push(status),
      };
    },
  };
  const store = trackedStore(memoryStore(), [tracker], () => {});
  const trial = trialOf({ curve, seed: 3, setting: 'few rows' });
  await store.append(trial);
  expect(await store.read()).toEqual([trial]);
  const [{ run, logs, ends }] = runs as [(typeof runs)[0]];
  expect(run.name).toBe('toy/few rows/single-task/seed-3');
  expect(run.parameters).toMatchObject({ model: 'single-task', seed: 3, learningRate: 0.001 });
  expect(logs).toEqual([
    [1, { loss: 0.7, seconds: 1, 'validation/click/auc': 0.6 }],
    [2, { loss: 0.5, seconds: 2, 'validation/click/auc': 0.8 }],
    [2, { 'test/click/auc': 0.8, 'test/click/ne': 0.5, 'trial/seconds': 2 }],
  ]);
  expect(ends).toEqual(['finished']);
});

test('a tracker that fails loses no trial, and says so', async () => {
  const problems: string[] = [];
  const broken: Tracker = { start: () => Promise.reject(new Error('no server')) };
  const store = trackedStore(memoryStore(), [broken], (message) => problems.push(message));
  await store.append(trialOf());
  expect(await store.read()).toHaveLength(1);
  expect(problems).toEqual(['A tracker failed: no server']);
});

for (const name of ['tensorboard', 'jsonl'])
  testTracker(specNamed('tracker', `${name}(directory="{directory}/runs")`), { runner });

/** What a server of MLflow has received. */
let received = '';
vi.stubGlobal('fetch', (_: string, { body }: { readonly body: string }) => {
  received += body;
  return Promise.resolve(Response.json({ experiment_id: '7', run: { info: { run_id: 'r1' } } }));
});
afterAll(() => vi.unstubAllGlobals());
testTracker(specNamed('tracker', 'mlflow(url="http://localhost:1")'), { recorded: () => received, runner });

test('--track takes a tracker by its name and options', () => {
  expect(trackerNamed('jsonl(directory=runs)')).toHaveProperty('start');
  expect(trackerNamed('mlflow(url="http://localhost:5000",experiment=people)')).toHaveProperty('start');
  expect(() => trackerNamed('tensorbord(directory=x)')).toThrow('Did you mean "tensorboard"?');
  expect(() => trackerNamed('mlflow')).toThrow('url');
  expect(() => trackerNamed('jsonl(folder=runs)')).toThrow('"folder"');
});

test('--track finds a tracker that a plugin has defined', () => {
  const rooms: string[] = [];
  const open = ({ room }: { room: string }): Tracker => (
    rooms.push(room),
    { start: () => Promise.reject(new Error('none')) }
  );
  // other tests of this process list it
  const about = { package: 'outside', description: 'a wall of numbers' };
  const wall = defineTracker('wall', open, { ...about, options: { room: checks.text } });
  trackerNamed('wall(room=kitchen)');
  openTracker(wall({ room: 'hall' }));
  expect(rooms).toEqual(['kitchen', 'hall']);
  expect(() => trackerNamed('wal(room=kitchen)')).toThrow('Did you mean "wall"?');
});
