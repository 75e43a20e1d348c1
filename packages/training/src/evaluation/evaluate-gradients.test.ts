import { plainSum } from '@polytask/balancing';
import {
  defineGate,
  defineNetwork,
  denseSchema,
  fusion,
  lossesOf,
  multiTaskModel,
  ownUnits,
  sharedUnit,
  taskLossAt,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import type { BalancingReport } from '../engine.ts';
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

test('by task: cosines, also of each parameter, and what a step of one task does to the loss of another', async () => {
  const model = modelOf(together({}));
  const { cosine, cosines, byParameter, affinity } = await evaluateGradients(model, rows, { step: 0.05 });
  const pairs = [cosines[0]![1]!, cosines[0]![2]!, cosines[1]![2]!];
  expect(pairs.reduce((sum, each) => sum + each, 0) / 3).toBeCloseTo(cosine, 12);
  cosines.forEach((row, i) => {
    expect(row[i]).toBeCloseTo(1, 12);
    row.forEach((value, j) => expect(value).toBe(cosines[j]![i]));
  });
  const shared = model.store.trainable().filter(({ name }) => name.includes('levels'));
  expect(Object.keys(byParameter)).toEqual(shared.map(({ name }) => name));

  // the step of the first task, and the loss of the second, by other means
  const parameters = shared.map(({ variable }) => variable);
  const lossOf = (t: number) =>
    tf.tidy(() => taskLossAt(lossesOf(model, model.toTensors(batch), { training: false }), t));
  const batch = rows.batch(Uint32Array.from({ length: 60 }, (_, i) => i));
  const before = lossOf(1).dataSync()[0]!;
  const { grads } = tf.variableGrads(() => lossOf(0), parameters);
  const length = (all: readonly tf.Tensor[]) => Math.hypot(...all.flatMap((each) => [...each.dataSync()]));
  const rate = (0.05 * length(parameters)) / length(parameters.map((each) => grads[each.name]!));
  for (const each of parameters) each.assign(tf.sub(each, tf.mul(grads[each.name]!, rate)));
  expect(affinity[0]![1]).toBeCloseTo(1 - lossOf(1).dataSync()[0]! / before, 5);
  expect(affinity[0]![0]).toBeGreaterThan(0);
});

test('are NaN where tasks share nothing, and leave no tensors', async () => {
  const model = modelOf(apart({}));
  const { numTensors } = tf.memory();
  const none = model.taskNames.map(() => model.taskNames.map(() => NaN));
  expect(await evaluateGradients(model, rows)).toEqual({
    ...{ cosine: NaN, magnitudeRatio: NaN, conflicts: NaN, lengths: [0, 0, 0] },
    ...{ cosines: none, byParameter: {}, affinity: none },
  });
  expect(tf.memory().numTensors).toBe(numTensors);
});

test('refuses an unknown option and rows of another model', async () => {
  const model = modelOf(apart({}));
  await expect(evaluateGradients(model, rows, { row: 5 } as object)).rejects.toThrow('Did you mean "rows"?');
  const others = tinyExamples({ other: tinyTasks.click }, 9, 1) as unknown as typeof rows;
  await expect(evaluateGradients(model, others)).rejects.toThrow('in the rows to evaluate, received labels of other');
});
