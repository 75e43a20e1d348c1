import { expect, test } from 'vitest';
import { trialOf } from '../testing/trial-of.ts';
import { memoryStore } from './run-trials.ts';

test('of two trials with the same key in one table the first wins, unless the second replaces it', async () => {
  const store = memoryStore();
  await store.append(trialOf({ seconds: 1 }));
  await store.append(trialOf({ seconds: 2 }));
  await store.append(trialOf({ seconds: 3, setting: 'another table' }));
  expect((await store.read()).map(({ seconds }) => seconds)).toEqual([1, 3]);
  await store.append(trialOf({ seconds: 4 }), { replace: true });
  await store.append(trialOf({ seconds: 5 }));
  expect((await store.read()).map(({ seconds }) => seconds)).toEqual([4, 3]);
});
