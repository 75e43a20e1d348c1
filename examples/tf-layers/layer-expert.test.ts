import * as tf from '@tensorflow/tfjs';
import { adatt } from '@polytask/adatt';
import { binary, load, multiTaskModel, save, type MultiTaskModel } from '@polytask/core';
import { fromRows, split, vector } from '@polytask/data';
import { layerExpert } from '@polytask/experts';
import { evaluate, fit, sgd } from '@polytask/training';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const tasks = { first: binary(), second: binary() };

/** Rows whose labels are the signs of two sums. */
const rows = Array.from({ length: 240 }, (_, r) => {
  const x = [Math.sin(3 * r), Math.cos(5 * r), Math.sin(7 * r + 1), Math.cos(11 * r + 2)];
  return { x, first: Number(x[0]! + x[1]! > 0), second: Number(x[1]! + x[2]! > 0) };
});
const { train, test } = split(fromRows(rows, { features: { x: vector({ width: 4 }) }, tasks }), {
  test: 0.25,
  seed: 7,
});

const stack = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
const model = (layer: tf.layers.Layer) =>
  multiTaskModel({
    schema: train.schema,
    network: adatt({ levels: [{ experts: layerExpert(layer), perTask: 2 }] }),
    seed: 7,
  });
const plain = () =>
  stack(tf.layers.dense({ units: 8, inputShape: [4], activation: 'tanh' }), tf.layers.batchNormalization());
const numbers = (of: MultiTaskModel<typeof tasks>) => of.store.all().map(({ variable }) => [...variable.dataSync()]);

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-layer-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('tf.layers layers as experts', () => {
  it('are trained by fit, and saved and loaded with what they learned', { tags: ['long'] }, async () => {
    const trained = model(plain());
    await fit(trained, train, { epochs: 20, batchSize: 32, optimizer: sgd(0.3) });
    const scores = await evaluate(trained, test);
    expect(Math.min(scores.first.auc, scores.second.auc)).toBeGreaterThan(0.95);
    await save(trained, directory);
    const loaded = await load<typeof tasks>(directory);
    expect(loaded.predict(test).first).toEqual(trained.predict(test).first);
    await fit(loaded, train, { epochs: 1, batchSize: 32 }); // and goes on training
    expect(numbers(loaded)).not.toEqual(numbers(trained));
  });

  it('train to the same numbers on both engines, moving statistics included', { tags: ['long'] }, async () => {
    const [eager, compiled] = [model(plain()), model(plain())];
    for (const [each, engine] of [
      [eager, 'eager'],
      [compiled, 'compiled'],
    ] as const) {
      await fit(each, train, { epochs: 2, batchSize: 32, optimizer: sgd(0.1), engine });
    }
    const [a, b] = [numbers(eager).flat(), numbers(compiled).flat()];
    a.forEach((value, i) => expect(b[i]).toBeCloseTo(value, 4));
  });

  it('that draw their own random numbers, seeded or not, are not compiled: each step would repeat one mask', async () => {
    const dropping = (seed?: number) =>
      stack(
        tf.layers.dense({ units: 8, inputShape: [4] }),
        tf.layers.dropout({ rate: 0.5, ...(seed !== undefined && { seed }) }),
      );
    for (const seed of [undefined, 7]) {
      const compiled = fit(model(dropping(seed)), train, { epochs: 1, engine: 'compiled' });
      await expect(compiled).rejects.toThrow('random numbers of its own (by dropout)');
    }
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { engine } = await fit(model(dropping()), train, { epochs: 1 });
    const lines = warn.mock.calls.map(([line]) => String(line));
    warn.mockRestore();
    expect(engine).toContain('eager');
    expect(lines.join()).toContain('random numbers');
  });
});
