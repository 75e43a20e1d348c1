import { rowEncoder } from '@polytask/core';
import { afterEach, expect, it, vi } from 'vitest';
import { people, peopleSchema } from '../testing/people.ts';
import { rowWatch } from './row-watch.ts';

afterEach(() => void vi.restoreAllMocks());

it('looks at so many rows a second, and forgets all but the latest', () => {
  let now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const rows = Array.from({ length: 15_000 }, (_, i) => people[i % 3]!);
  const batch = rowEncoder(peopleSchema)(rows);
  const predictions = {
    rich: new Float32Array(15_000),
    marital: new Float32Array(45_000),
    hours: new Float32Array(15_000),
  };
  const watch = rowWatch(peopleSchema, undefined);
  const watched = () => {
    watch.add(rows, batch, predictions);
    return watch.drift().rows;
  };
  const most = 50_000 / 4; // four features
  expect([watched(), watched()]).toEqual([most, most]);
  const counts: number[] = [];
  for (now = 6000; now < 12_000; now += 1000) counts.push(watched());
  expect(Math.max(...counts)).toBeLessThanOrEqual(2 * most);
  const { features } = watch.drift();
  expect(features.map(({ name, missing }) => [name, missing.now.toFixed(2)])).toEqual([
    ['age', '0.33'],
    ['state', '0.33'],
    ['street', '0.33'],
    ['hobbies', expect.any(String)],
  ]);
});
