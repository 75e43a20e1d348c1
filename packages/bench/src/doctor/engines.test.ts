import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, test } from 'vitest';
import type { EngineEntry } from '../engines.ts';
import { autoOf, examineEngines } from './facts.ts';

afterAll(() => tf.setBackend('cpu'));

test('says of each engine whether it runs, and why not; the fastest that runs is started last', async () => {
  const started: string[] = [];
  const row = (name: string, error?: string): EngineEntry => ({
    name,
    description: `${name}!`,
    mode: 'eager',
    async start() {
      if (error) throw new Error(error);
      started.push(name);
    },
  });
  const facts = await examineEngines([row('a', 'gone.\nfor good'), row('b'), row('c')]);
  expect(facts).toEqual([
    { name: 'a', description: 'a!', failure: 'gone' },
    { name: 'b', description: 'b!' },
    { name: 'c', description: 'c!' },
  ]);
  expect(started).toEqual(['c', 'b']);
  expect(autoOf(facts)?.name).toBe('b');
});

test('the engines of the bench run here', async () => {
  const facts = await examineEngines();
  expect(facts.filter(({ failure }) => failure !== undefined)).toEqual([]);
  expect(autoOf(facts)?.name).toBe('compiled');
});
