import { expect, test } from 'vitest';
import { parseShard, trialsOfShard } from './study-plan.ts';

const trials = Array.from({ length: 10 }, (_, i) => i);

test('each trial is in one shard, and the sizes of shards differ by one at most', () => {
  const shards = [1, 2, 3, 4].map((number) => trialsOfShard(trials, parseShard(`${number}/4`)));
  expect(shards.flat().sort((a, b) => a - b)).toEqual(trials);
  expect(shards.map((shard) => shard.length)).toEqual([3, 3, 2, 2]);
});

test.each(['0/3', '4/3', '3', '1/3/5', '-1/3', '1.5/3', 'a/b', ''])('%j is no shard', (text) => {
  expect(() => parseShard(text)).toThrow('such as 3/20');
});

test('more shards than trials are refused', () => {
  expect(() => trialsOfShard(trials, parseShard('1/11'))).toThrow(
    'at most as many shards as trials (10), received 1/11',
  );
});
