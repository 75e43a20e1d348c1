import { nodeRuntime } from '@polytask/compile';
import { trialKey } from '@polytask/study';
import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, test } from 'vitest';
import { type EngineEntry, startEngine } from './engines.ts';
import { runSuite } from './run-suite.ts';

afterAll(() => tf.setBackend('cpu'));

const broken: EngineEntry = {
  name: 'broken',
  description: 'never runs',
  mode: 'eager',
  start: () => Promise.reject(new Error('no such instruction')),
};
const INSTALL =
  'For faster training, run npm install --ignore-scripts onnxruntime-node, or npm install onnxruntime-web.';
const works: EngineEntry = { name: 'works', description: 'plain', mode: 'eager', start: () => Promise.resolve() };

test('auto is the compiled engine in Node', async () => {
  expect((await startEngine('auto')).name).toBe('compiled');
});

test('wasm computes', async () => {
  expect((await startEngine('wasm')).name).toBe('wasm');
  expect(tf.getBackend()).toBe('wasm');
  expect(tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0])).toBe(11);
});

test('an engine is taken by its name', async () => {
  expect((await startEngine('cpu')).name).toBe('cpu');
  expect(tf.getBackend()).toBe('cpu');
});

test('auto takes the next engine where one fails, and says why', async () => {
  const notes: string[] = [];
  expect((await startEngine('auto', (note) => notes.push(note), [broken, works])).name).toBe('works');
  expect(notes).toEqual([`Engine broken doesn't run here (no such instruction): taking works, plain. ${INSTALL}`]);
  const compiled = { ...works, runtime: nodeRuntime };
  expect((await startEngine('auto', (note) => notes.push(note), [broken, compiled])).name).toBe('works');
  expect(notes[1]).toBe("Engine broken doesn't run here (no such instruction): taking works, plain.");
});

test('auto says in one line why it takes the third', async () => {
  const notes: string[] = [];
  const old = { ...broken, name: 'old', start: () => Promise.reject(new Error('gone.\nLong ago.')) };
  expect((await startEngine('auto', (note) => notes.push(note), [broken, old, works])).name).toBe('works');
  expect(notes).toEqual([
    `Engine broken doesn't run here (no such instruction), old doesn't run here (gone): taking works, plain. ${INSTALL}`,
  ]);
});

test(
  'compiled-wasm trains with the numbers of compiled, and is another engine in results',
  { tags: ['long'] },
  async () => {
    const trained = async (engine: string) => {
      const options = { suite: 'synthetic', models: ['adatt'], seeds: [1], epochs: 1, limitRows: 80, engine };
      const { trials } = await runSuite(options);
      return trials[0]!;
    };
    const [native, web] = [await trained('compiled'), await trained('compiled-wasm')];
    expect([native.engine, web.engine]).toEqual(['compiled', 'compiled-wasm']);
    expect(trialKey(web)).not.toBe(trialKey(native));
    const { 'onnxruntime-web': version, ...versions } = web.versions;
    const { 'onnxruntime-node': nativeVersion, ...nativeVersions } = native.versions;
    for (const each of [version, nativeVersion]) expect(each).toMatch(/^\d+\.\d+\.\d+$/);
    expect(versions).toEqual(nativeVersions);
    for (const [task, scores] of Object.entries(native.metrics)) {
      for (const [metric, score] of Object.entries(scores))
        expect(web.metrics[task]![metric], `${task} ${metric}`).toBeCloseTo(score, 3);
    }
  },
);

test('an engine that was asked for by name is not replaced', async () => {
  await expect(startEngine('broken', undefined, [broken, works])).rejects.toThrow('no such instruction');
  await expect(startEngine('auto', undefined, [broken])).rejects.toThrow('no such instruction');
  await expect(startEngine('wsam')).rejects.toThrow('Did you mean "wasm"?');
});
