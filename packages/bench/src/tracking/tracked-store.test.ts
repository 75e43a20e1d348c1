import { memoryStore, type TrialResult } from '@polytask/study';
import { trialOf } from '@polytask/study/testing';
import { defineTracker, type RunDescription, type Tracker } from '@polytask/training';
import { expect, test } from 'vitest';
import { parseTracker, trackerPlaces } from './parse-tracker.ts';
import { trackedStore } from './tracked-store.ts';

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

test('--track names a place', () => {
  expect(parseTracker('jsonl=runs', parseTracker('mlflow=http://localhost:5000'))).toHaveLength(2);
  expect(() => parseTracker('tensorbord=x')).toThrow('Did you mean "tensorboard"?');
  expect(() => parseTracker('mlflow')).toThrow('for --track, received "mlflow"');
  expect(trackerPlaces()).toBe('tensorboard=DIR, mlflow=URL or jsonl=DIR');
});

test('--track finds a tracker that a plugin has defined', () => {
  const places: string[] = [];
  const open = (place: string): Tracker => (places.push(place), { start: () => Promise.reject(new Error('none')) });
  defineTracker('wall', { place: 'ROOM', open }, { package: 'outside', description: 'a wall of numbers' }); // other tests of this process list it
  expect(parseTracker('wall=kitchen=2')).toHaveLength(1);
  expect(places).toEqual(['kitchen=2']);
  expect(() => parseTracker('wal=kitchen')).toThrow(
    'jsonl=DIR or wall=ROOM for --track, received "wal=kitchen". Did you mean "wall"?',
  );
});
