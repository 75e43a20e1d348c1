import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NamedTensor } from '@polytask/core';
import { eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, test } from 'vitest';
import { byTurns, some } from '../../../../cases.base.ts';
import { startEngine } from '../engines.ts';
import { compareCase } from './compare-case.ts';
import { readCase } from './read-case.ts';
import { runCase } from './run-case.ts';

const FOLDER = fileURLToPath(new URL('../../../reference/src/testing/cases/', import.meta.url));
const CASES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

afterAll(() => tf.setBackend('cpu'));

describe.each([
  ['compiled', compiledEngine(), some(CASES, 5)],
  ['wasm', eagerEngine, byTurns(CASES, 0)],
  ['cpu', eagerEngine, byTurns(CASES, 1)],
])('on %s', (name, engine, cases) => {
  test.each(cases)('%s gives what PyTorch gives, forward, backward and trained', async (file) => {
    await startEngine(name);
    const given = await readCase(FOLDER + file);
    const before = tf.memory().numTensors;
    const computed = await runCase(given, engine);
    expect(tf.memory().numTensors).toBe(before);
    const parameters = Object.keys(given.parameters).map((tensor) => `param.${tensor}`);
    expect(Object.keys(computed).sort()).toEqual([...Object.keys(given.expected), ...parameters].sort());
    const { errors, failed } = compareCase(given.expected, computed);
    expect(failed).toEqual([]);
    expect(errors.gradients.relative).toBeLessThan(1e-5);
    expect(errors.trained_logits.relative).toBeLessThan(1e-5);
  });
});

const tensor = (...data: number[]): NamedTensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});
const case_ = (gradients: Readonly<Record<string, NamedTensor>>, all = tensor(1, 2)) => ({
  logits: all,
  task_losses: all,
  loss_curve: all,
  trained_logits: all,
  ...gradients,
});

test('errors are absolute, and relative to the largest magnitude of the worst tensor', () => {
  const { errors, failed } = compareCase(case_({ 'grad.a': tensor(4, 0), 'grad.b': tensor(0, 0) }), {
    ...case_({ 'grad.a': tensor(4, 2 ** -8), 'grad.b': tensor(0, 0) }),
    logits: tensor(1, 2 + 2 ** -18),
  });
  expect(errors.gradients).toEqual({ absolute: 2 ** -8, relative: 2 ** -10, tensor: 'grad.a', judged: 2 ** -10 });
  expect(errors.logits).toMatchObject({ absolute: 2 ** -18, relative: 2 ** -19, tensor: 'logits' });
  expect(failed).toEqual(['gradients']);
});

test('a small gradient is judged by a hundredth of 1 and of the largest; other quantities by themselves', () => {
  const small = (error: number) =>
    compareCase(
      case_({ 'grad.a': tensor(1e-6), 'grad.b': tensor(0.5) }),
      case_({ 'grad.a': tensor(1e-6 + error), 'grad.b': tensor(0.5) }),
    );
  expect(small(5e-8)).toMatchObject({ failed: [], errors: { gradients: { tensor: 'grad.a' } } });
  expect(small(5e-8).errors.gradients.relative).toBeCloseTo(0.05, 3);
  expect(small(2e-7).failed).toEqual(['gradients']);
  const large = (error: number) =>
    compareCase(
      case_({ 'grad.a': tensor(1), 'grad.b': tensor(500) }),
      case_({ 'grad.a': tensor(1 + error), 'grad.b': tensor(500) }),
    );
  expect([large(4e-5).failed, large(1e-4).failed]).toEqual([[], ['gradients']]);
  expect(
    compareCase(case_({ 'grad.a': tensor(1) }, tensor(1e-6)), case_({ 'grad.a': tensor(1) }, tensor(1.1e-6))).failed,
  ).toEqual(['logits', 'task_losses', 'loss_curve']);
});

test('what is not a number is past every tolerance, and a gradient that is not there is 0', () => {
  expect(compareCase(case_({ 'grad.a': tensor(1, 1) }), case_({ 'grad.a': tensor(NaN, 1) })).failed).toEqual([
    'gradients',
  ]);
  expect(compareCase(case_({}), case_({ 'grad.a': tensor(0), 'grad.b': tensor() })).failed).toEqual([]);
  expect(compareCase(case_({}), case_({ 'grad.a': tensor(1e-3) })).failed).toEqual(['gradients']);
});
