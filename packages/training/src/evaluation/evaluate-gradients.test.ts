import { plainSum } from '@polytask/balancing';
import { defineGate, defineNetwork, denseSchema, fusion, multiTaskModel, ownUnits, sharedUnit } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import type { BalancingReport } from '../progress/reports.ts';
import { tinyExamples, tinyExpert, tinyTasks, weightsOf, WIDTH } from '../testing/tiny.ts';
import { evaluateGradients } from './evaluate-gradients.ts';

beforeAll(() => tf.setBackend('cpu'));

const rows = tinyExamples(tinyTasks, 60, 1);
/** The weight 1 for each expert that a lane sees. */
const one = defineGate('test.gradients-one', ({ mask }) => ({ reads: 'nothing', apply: () => tf.clone(mask) }));
const together = defineNetwork('test.gradients-together', (_, tasks) =>
  fusion([{ units: sharedUnit(1), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: one({ sees: 'all' }) }]),
);
const apart = defineNetwork('test.gradients-apart', (_, tasks) =>
  fusion([
    { units: ownUnits(tasks, 1), experts: tinyExpert({ units: 4 }), outputs: tasks, gate: one({ sees: 'own' }) },
  ]),
);
const modelOf = (network: ReturnType<typeof together>) =>
  multiTaskModel({ schema: denseSchema(WIDTH, tinyTasks), network, seed: 7 });

test('are those that a gradient method measures in its first step on the same rows', async () => {
  const steps: BalancingReport[] = [];
  await fit(modelOf(together({})), rows, {
    ...{ epochs: 1, batchSize: 60, shuffle: false, engine: 'eager', progress: false },
    balancing: plainSum(),
    callbacks: { onStep: ({ balancing }) => void steps.push(balancing!) },
  });
  const model = modelOf(together({}));
  const before = weightsOf(model);
  const measured = await evaluateGradients(model, rows);
  for (const name of ['cosine', 'magnitudeRatio', 'conflicts'] as const) {
    expect(measured[name], name).toBeCloseTo(steps[0]!.gradients![name], 5);
  }
  expect(measured.cosine).not.toBe(0);
  expect(weightsOf(model)).toEqual(before);
  expect(await evaluateGradients(model, rows, { rows: 5 })).not.toEqual(measured);
});

test('are NaN where tasks share nothing, and leave no tensors', async () => {
  const model = modelOf(apart({}));
  const { numTensors } = tf.memory();
  expect(await evaluateGradients(model, rows)).toEqual({ cosine: NaN, magnitudeRatio: NaN, conflicts: NaN });
  expect(tf.memory().numTensors).toBe(numTensors);
});

test('refuses an unknown option and rows of another model', async () => {
  const model = modelOf(apart({}));
  await expect(evaluateGradients(model, rows, { row: 5 } as object)).rejects.toThrow('Did you mean "rows"?');
  const others = tinyExamples({ other: tinyTasks.click }, 9, 1) as unknown as typeof rows;
  await expect(evaluateGradients(model, others)).rejects.toThrow('in the rows to evaluate, received labels of other');
});
