import * as tf from '@tensorflow/tfjs';
import { fusionWeights, load, toBytes, type ExpertSpec, type GateSpec, type MultiTaskModel, type NetworkSpec } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { describe, expect, it } from 'vitest';
import { cgc, crossStitch, mmoe, ple, sharedBottom, singleTask } from './index.ts';
import { banked, EXPERTS, GATES, looped, OWN, WITHOUT_LANES } from './testing/parts.ts';
import { gradientsOf, logitsOf, lossOf, read, tinyBatch, tinyExamples, tinyModel, tinyRows } from './testing/tiny.ts';

interface Parts {
  experts: ExpertSpec;
  gate?: GateSpec;
}

const levels = <L extends object>(level: L): L[] => [level, level];

/** Every model of the package, in two levels where it can have them. A new one is a row here. */
const MODELS: { name: string; build: (parts: Parts) => NetworkSpec; gates: Readonly<Record<string, GateSpec | undefined>> }[] = [
  { name: 'singleTask', build: ({ experts }) => singleTask({ levels: levels({ experts }) }), gates: OWN },
  { name: 'sharedBottom', build: ({ experts }) => sharedBottom({ levels: levels({ experts }) }), gates: OWN },
  { name: 'crossStitch', build: ({ experts }) => crossStitch({ levels: levels({ experts }) }), gates: OWN },
  { name: 'mmoe', build: (parts) => mmoe({ levels: [{ ...parts, pool: 3 }] }), gates: GATES },
  { name: 'multi-level mmoe', build: (parts) => mmoe({ levels: [{ ...parts, pool: 3 }, { ...parts, pool: 2 }] }), gates: WITHOUT_LANES },
  { name: 'cgc', build: (parts) => cgc({ ...parts, perTask: 2 }), gates: GATES },
  { name: 'ple', build: (parts) => ple({ levels: levels({ ...parts, perTask: 2, shared: 1 }) }), gates: GATES },
  { name: 'ple, uneven', build: (parts) => ple({ levels: levels({ ...parts, perTask: { a: 1, b: 3, c: 2 }, shared: 2 }) }), gates: GATES },
  { name: 'ple, nothing shared', build: (parts) => ple({ levels: levels({ ...parts, perTask: 2, shared: 0 }) }), gates: GATES },
];

const experts = mlp([4], { activation: 'tanh' });

const train = (model: MultiTaskModel, steps: number, rate: number) => {
  const optimizer = tf.train.adam(rate);
  const batch = tinyBatch(model, 64);
  const variables = model.store.trainable().map(({ variable }) => variable);
  for (let step = 0; step < steps; step++) optimizer.minimize(() => model.losses(batch, { training: true }).total, false, variables);
};

const close = (got: Record<string, number[]>, wanted: Record<string, number[]>, digits = 5) => {
  for (const [task, values] of Object.entries(wanted)) values.forEach((value, i) => expect(got[task]![i]).toBeCloseTo(value, digits));
};

describe.each(MODELS)('$name', ({ build, gates }) => {
  const cases = Object.entries(EXPERTS).flatMap(([expert, spec]) =>
    Object.entries(gates).map(([gate, gateSpec]) => ({
      expert,
      gate,
      parts: { experts: spec, ...(gateSpec && { gate: gateSpec }) },
    })),
  );

  it.each(cases)('builds, trains and is saved: $expert, $gate', async ({ parts }) => {
    const model = tinyModel(build(parts), { tower: mlp([3], { activation: 'tanh' }) });
    for (const [name, gradient] of Object.entries(gradientsOf(model))) {
      expect(gradient.every(Number.isFinite), name).toBe(true);
      expect(gradient.some((value) => value !== 0), name).toBe(true);
    }
    const before = logitsOf(model, 5);
    train(model, 1, 0.01);
    const after = logitsOf(model, 5);
    expect(Object.values(after).flat().every(Number.isFinite)).toBe(true);
    expect(after).not.toEqual(before);
    const loaded = await load(await toBytes(model));
    expect(logitsOf(loaded, 5)).toEqual(after);
    expect(loaded.config).toEqual(model.config);
  });

  it('learns', () => {
    const model = tinyModel(build({ experts }));
    const before = lossOf(model, 64);
    train(model, 40, 0.03);
    expect(lossOf(model, 64)).toBeLessThan(0.5 * before);
  });

  it('treats tasks by name: listed in another order, with the same seed, they get the same numbers', () => {
    const forth = tinyModel(build({ experts }));
    const back = tinyModel(build({ experts }), { tasks: ['c', 'a', 'b'] });
    expect(Object.keys(logitsOf(back, 5))).toEqual(['c', 'a', 'b']);
    close(logitsOf(back, 5), logitsOf(forth, 5));
  });

  it('gives as a bank what it gives expert by expert', () => {
    const [bank, loop] = [banked(), looped()].map((spec) => tinyModel(build({ experts: spec })));
    close(logitsOf(loop!, 5), logitsOf(bank!, 5));
    const inLoop = gradientsOf(loop!);
    const inBank = gradientsOf(bank!)['levels.0.experts.kernel']!;
    const places = bank!.network.levels[0]!.experts;
    const together = places.flatMap(({ unit, index }) => inLoop[`levels.0.experts.${unit}.${index}.kernel`]!);
    together.forEach((value, i) => expect(inBank[i]).toBeCloseTo(value, 5));
  });

  it('has no two experts that are born equal', () => {
    const model = tinyModel(build({ experts }));
    const kernels = model.network.levels.flatMap((_, l) => read<number[][][]>(model, `levels.${l}.experts.0.kernel`)).map(String);
    expect(new Set(kernels).size).toBe(kernels.length);
  });

  it('has the gradient that finite differences give, for every parameter', () => {
    const model = tinyModel(build({ experts }));
    const gradients = gradientsOf(model);
    for (const { name, variable } of model.store.trainable()) {
      const start = variable.dataSync().slice();
      const lossAt = (index: number, by: number) => {
        tf.tidy(() => variable.assign(tf.tensor(start.map((value, i) => (i === index ? value + by : value)), variable.shape)));
        return lossOf(model);
      };
      const largest = gradients[name]!.reduce((best, value, i) => (Math.abs(value) > Math.abs(gradients[name]![best]!) ? i : best), 0);
      const slope = (lossAt(largest, 1e-2) - lossAt(largest, -1e-2)) / 2e-2;
      lossAt(-1, 0);
      expect(Math.abs(gradients[name]![largest]! - slope), `${name}[${largest}]`).toBeLessThan(5e-4 + 0.02 * Math.abs(slope));
    }
  });

  it('shows its weights level by level, means over the rows whatever the batches', () => {
    const model = tinyModel(build({ experts }));
    const reports = fusionWeights(model, tinyExamples(model, 10), { batchSize: 3 });
    expect(reports.map(({ outputs, experts: places }) => [outputs, places])).toEqual(
      model.network.levels.map(({ outputs, experts: places }) => [outputs, places]),
    );
    const whole = fusionWeights(model, tinyExamples(model, 10));
    reports.forEach(({ gated, gatedDeviation, constant }, l) => {
      gated.flat().forEach((weight, i) => expect(weight).toBeCloseTo(whole[l]!.gated.flat()[i]!, 5));
      const isGated = gates !== OWN;
      gated.forEach((row) => expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(isGated ? 1 : 0, 5));
      expect(gatedDeviation.flat().some((deviation) => deviation > 0)).toBe(isGated);
      expect(constant.flat().some((weight) => weight !== 0)).toBe(!isGated);
    });
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const model = tinyModel(build({ experts, gate: softmaxGate({ reads: 'raw', hidden: [3] }) }));
    gradientsOf(model);
    logitsOf(model, 5);
    model.predict(tinyRows(5));
    fusionWeights(model, tinyExamples(model, 5));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
