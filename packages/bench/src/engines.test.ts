import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, test } from 'vitest';
import { type EngineRow, startEngine } from './engines.ts';

afterAll(() => tf.setBackend('cpu'));

const broken: EngineRow = {
  name: 'broken',
  description: 'never runs',
  training: 'eager',
  start: () => Promise.reject(new Error('no such instruction')),
};
const works: EngineRow = { name: 'works', description: 'plain', training: 'eager', start: () => Promise.resolve() };

test('auto is the compiled engine in Node', async () => {
  expect(await startEngine('auto')).toBe('compiled');
});

test('wasm computes', async () => {
  expect(await startEngine('wasm')).toBe('wasm');
  expect(tf.getBackend()).toBe('wasm');
  expect(tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0])).toBe(11);
});

test('an engine is taken by its name', async () => {
  expect(await startEngine('cpu')).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
});

test('auto takes the next engine where one fails, and says why', async () => {
  const notes: string[] = [];
  expect(await startEngine('auto', (note) => notes.push(note), [broken, works])).toBe('works');
  expect(notes).toEqual(["Engine broken doesn't run here (no such instruction): taking works, plain."]);
});

test('an engine that was asked for by name is not replaced', async () => {
  await expect(startEngine('broken', undefined, [broken, works])).rejects.toThrow('no such instruction');
  await expect(startEngine('auto', undefined, [broken])).rejects.toThrow('no such instruction');
  await expect(startEngine('wsam')).rejects.toThrow('Did you mean "wasm"?');
});
