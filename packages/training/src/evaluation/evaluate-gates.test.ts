import {
  checks,
  defineExpert,
  defineGate,
  defineNetwork,
  dense,
  denseSchema,
  fusion,
  multiTaskModel,
  ownUnits,
  sumGate,
  type ExampleStream,
  type GateSpec,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fit } from '../fit/fit.ts';
import { tinyExamples, tinyModel, tinyTasks, WIDTH } from '../testing/tiny.ts';
import { evaluateGates } from './evaluate.ts';

beforeAll(() => tf.setBackend('cpu'));

const rows = tinyExamples(tinyTasks, 150, 1);
const all = Uint32Array.from({ length: 150 }, (_, i) => i);

/** By hand: an expert takes a row wholly where the first number is above 0, the other one where it isn't. */
const signGate = defineGate('test.sign', () => ({
  reads: 'raw',
  apply: (x) => {
    const up = tf.cast(tf.greater(tf.slice(x, [0, 0], [-1, 1]), 0), 'float32'); // [batch, 1]
    const row = tf.concat([up, tf.sub(1, up)], 1);
    return tf.stack([row, row]);
  },
}));
/** By hand: the same for all rows. */
const evenGate = defineGate('test.even', () => ({ reads: 'nothing', apply: () => tf.fill([2, 1, 2], 0.5) }));

const plainExpert = defineExpert('test.plain', (builder) => ({
  outputDim: 3,
  apply: dense(builder, { inputDim: builder.inputDim, units: 3 }),
}));
const twoLevels = defineNetwork(
  'test.gates',
  ({ gates }, tasks) =>
    fusion(gates.map((gate) => ({ units: ownUnits(tasks, 1), experts: plainExpert(), outputs: tasks, gate }))),
  { options: { gates: checks.listOf(checks.component('gate')) } },
);
const tasks = { click: tinyTasks.click, minutes: tinyTasks.minutes };
const some = tinyExamples(tasks, 150, 1);
const modelOf = (...gates: GateSpec[]) =>
  multiTaskModel({ schema: denseSchema(WIDTH, tasks), network: twoLevels({ gates }), seed: 7 });

describe.each(['eager', 'compiled'] as const)('evaluateGates, %s', (engine) => {
  test('tells a gate that chooses by the row from one that mixes, by hand', async () => {
    const model = modelOf(signGate(), evenGate(), sumGate(signGate(), evenGate()));
    const [chooses, mixes, both] = await evaluateGates(model, some, { engine });
    expect(chooses!.experts).toEqual(['click.0', 'minutes.0']);
    expect(Object.keys(chooses!.units)).toEqual(['click', 'minutes']);
    const up = [...some.batch(all).numeric].filter((value, i) => i % WIDTH === 0 && value > 0).length / 150;
    const ofShares = (shares: number[]) =>
      Math.exp(-shares.reduce((total, share) => total + share * Math.log(share), 0));
    for (const unit of Object.values(chooses!.units)) {
      expect(unit).toMatchObject({ entropy: 0, silent: 0 });
      expect(unit.shares[0]).toBeCloseTo(up, 12);
      expect(unit.effectiveExperts).toBeCloseTo(ofShares([up, 1 - up]), 12);
    }
    expect(chooses!.overall.effectiveExperts).toBeCloseTo(ofShares([up, 1 - up]), 12);
    expect(mixes!.units['click']).toMatchObject({ mean: [0.5, 0.5], deviation: [0, 0], shares: [0.5, 0.5] });
    expect(mixes!.units['click']!.entropy).toBeCloseTo(Math.log(2), 12);
    expect(mixes!.overall.effectiveExperts).toBeCloseTo(2, 12);
    expect(both!.units['minutes']!.entropy).toBeCloseTo(Math.log(4) - 0.75 * Math.log(3), 12); // of ¾ and ¼: W is the whole sum
    expect(Object.keys(both!.overall)).toEqual(['shares', 'effectiveExperts']); // what needs to know who sees whom is left out
    model.dispose();
  });

  test('gives the same for any batches, and for a stream', async () => {
    const model = tinyModel();
    const whole = await evaluateGates(model, rows, { engine });
    const stream: ExampleStream<typeof tinyTasks> = {
      schema: rows.schema,
      async *chunks() {
        for (const from of [0, 70]) yield rows.batch(all.subarray(from, from === 0 ? 70 : 150));
      },
    };
    for (const other of [
      await evaluateGates(model, rows, { batchSize: 7, engine }),
      await evaluateGates(model, stream, { batchSize: 32, engine }),
    ]) {
      for (const [task, unit] of Object.entries(whole[0]!.units)) {
        expect(other[0]!.units[task]!.entropy).toBeCloseTo(unit.entropy, 6);
        unit.shares.forEach((share, e) => expect(other[0]!.units[task]!.shares[e]).toBeCloseTo(share, 6));
      }
    }
    model.dispose();
  });

  test('follows the training, epoch by epoch, and leaves no tensor behind', async () => {
    const model = tinyModel();
    const entropies: number[] = [];
    const onEpochEnd = async () =>
      void entropies.push((await evaluateGates(model, rows, { engine }))[0]!.units['click']!.entropy);
    await fit(model, rows, { epochs: 3, batchSize: 40, engine: 'eager', callbacks: { onEpochEnd } });
    expect(new Set(entropies).size).toBe(3);
    expect(entropies[2]).toBe((await evaluateGates(model, rows, { engine }))[0]!.units['click']!.entropy);
    const before = tf.memory().numTensors;
    await evaluateGates(model, rows, { engine });
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test('refuses other rows, options that are none, and stops where it is told to', async () => {
    const model = tinyModel();
    const other = { ...rows, schema: denseSchema(WIDTH + 1, tinyTasks) };
    await expect(evaluateGates(model, other)).rejects.toThrow(
      "the rows to evaluate to be encoded with the model's schema",
    );
    await expect(evaluateGates(model, rows, { batchsize: 7 } as object)).rejects.toThrow('Did you mean "batchSize"?');
    await expect(evaluateGates(model, rows, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    model.dispose();
  });
});
