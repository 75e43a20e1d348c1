import * as tf from '@tensorflow/tfjs-core';
import { binary, multiTaskModel, regression } from '@polytask/core';
import { famo } from '@polytask/balancing';
import { fromRows, fitSchema, encode, numeric } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { sharedBottom } from '@polytask/baselines';
import { testOptimizer } from '@polytask/testing';
import { fit, type FitOptions } from '@polytask/training';
import * as runner from 'vitest';
import { muon, orthogonalized } from './muon.ts';

const { expect, it } = runner;

testOptimizer(muon(0.03), { runner });

it.each([[[6, 3]], [[3, 6]], [[2, 4, 4]]])('has singular values near 1 for a matrix %s', (shape) => {
  const o = orthogonalized(tf.randomNormal(shape, 0, 1, 'float32', 3));
  const wide = shape.at(-2)! <= shape.at(-1)!;
  const gram = tf.matMul(o, o, !wide, wide).arraySync() as number[][] | number[][][];
  const squares = (shape.length === 3 ? (gram as number[][][]) : [gram as number[][]]).map((each) =>
    each.map((row, i) => row[i]!),
  );
  for (const value of squares.flat()) expect(Math.abs(Math.sqrt(value) - 1)).toBeLessThan(0.35); // Jordan et al.: 0.7 to 1.2
});

it('runs eagerly where nothing is asked; what it cannot run on says why', async () => {
  const rows = Array.from({ length: 64 }, (_, i) => ({ x: Math.sin(i), y: Math.sin(i) ** 2, z: i % 2 }));
  const raw = fromRows(rows, { features: { x: numeric() }, tasks: { y: regression(), z: binary() } });
  const table = encode(raw, fitSchema(raw));
  const train = (options: FitOptions) => {
    const network = sharedBottom({ levels: [{ experts: mlp([8]) }] });
    return fit(multiTaskModel({ schema: table.schema, network, tower: mlp([4]), seed: 7 }), table, {
      ...{ optimizer: muon(), epochs: 2, batchSize: 16 },
      ...options,
    });
  };
  expect((await train({})).engine).toContain('eager');
  await expect(train({ engine: 'compiled' })).rejects.toThrow(
    `received "example/muon", which computes with whole tensors. Take engine: 'eager'`,
  );
  await expect(train({ engine: 'eager', balancing: famo() })).rejects.toThrow('without a balancer');
});
