import { expect, test } from 'vitest';
import { atPlaces, underClaim } from './run-trials.ts';

const release = () => Promise.resolve();

test('work that another run has claimed is tried again after the rest', async () => {
  const done: string[] = [];
  const claimedOnce = new Set(['a', 'c']);
  await atPlaces(['a', 'b', 'c', 'd'], 2, async (item) => {
    const isClaimed = claimedOnce.delete(item);
    await underClaim(isClaimed ? undefined : release, () => Promise.resolve(done.push(item)));
  });
  expect(done).toEqual(['b', 'd', 'a', 'c']);
});

test('a claim ends with its work, and with its error', async () => {
  let held = 1;
  const give = () => Promise.resolve(void held--);
  await expect(underClaim(give, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(held).toBe(0);
});

test('no more tasks run at the same time than there are places', async () => {
  let [running, most] = [0, 0];
  await atPlaces([0, 1, 2, 3, 4, 5], 2, async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  });
  expect(most).toBe(2);
});
