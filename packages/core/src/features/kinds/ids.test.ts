import { expect, it } from 'vitest';
import { ShardedMap } from './ids.ts';

it('is a Map, whatever the number of its shards', () => {
  for (const shardSize of [1, 3, 1000]) {
    const [sharded, plain] = [new ShardedMap<number>(shardSize), new Map<string, number>()];
    for (let i = 0; i < 60; i++) {
      const key = `k${(i * 7) % 20}`;
      if (i % 5 === 4) {
        sharded.delete(key);
        plain.delete(key);
      } else {
        sharded.set(key, i);
        plain.set(key, i);
      }
      expect(sharded.size).toBe(plain.size);
    }
    expect(new Map(sharded)).toEqual(plain);
    for (let k = 0; k < 21; k++) expect(sharded.get(`k${k}`)).toBe(plain.get(`k${k}`));
  }
});
