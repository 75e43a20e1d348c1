import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import {
  auxiliaryOf,
  expectClose,
  logitsOf,
  plain,
  read,
  tinyBatch,
  tinyExamples,
  tinyModel,
  tinyRows,
  trainTiny,
} from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { snrAver, snrTrans, type SnrOptions } from './snr.ts';
import { linearLayer, mix } from './testing/oracle.ts';

const { heads, sigmoid, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const levels = [3, 2].map((pool) => ({ experts: mlp([4], { activation: 'tanh' }), pool }));

/** Gates outside of training: stretched to (−0.1, 1.1), then cut. [unit][expert] */
const gates = (model: ReturnType<typeof tinyModel>, l: number): Rows =>
  read<Rows[]>(model, `levels.${l}.gates.log_alpha`).map((rows) =>
    rows[0]!.map((alpha) => Math.min(1, Math.max(0, 1.2 * sigmoid(alpha) - 0.1))),
  );

/** Tasks that have nothing in common: each label follows one number of the input. */
const apart = (model: ReturnType<typeof tinyModel>) => {
  const labels = model.taskNames.flatMap((_, t) => tinyRows(64).map((x) => Number(x[t]! > 0.1 * t)));
  return { ...tinyBatch(model, 64), labels: Float32Array.from(labels) };
};

describe('SNR', () => {
  it('Aver: each sub-network and task reads the gated sum of those below, in plain loops', () => {
    const model = tinyModel(snrAver({ levels }));
    let inputs: Rows[] = [0, 1, 2].map(() => tinyRows(SIZE));
    levels.forEach((_, l) => {
      const outputs = inputs.map((x, j) => tanhLayer(model, `levels.${l}.experts.0`, j, x));
      inputs = gates(model, l).map((row) => mix(row, outputs));
    });
    expectClose(logitsOf(model, SIZE), heads(model, inputs));
  });

  it('Trans: with a matrix for each connection', () => {
    const model = tinyModel(snrTrans({ levels }));
    let inputs: Rows[] = [0, 1, 2].map(() => tinyRows(SIZE));
    levels.forEach(({ pool }, l) => {
      const outputs = inputs.map((x, j) => tanhLayer(model, `levels.${2 * l}.experts.0`, j, x));
      const above = l === 0 ? 2 : 3;
      const moved = outputs.flatMap((x, j) =>
        Array.from({ length: above }, (_, i) => linearLayer(model, `levels.${2 * l + 1}.experts`, j * above + i, x)),
      );
      const open = gates(model, 2 * l + 1);
      inputs = Array.from({ length: above }, (_, i) =>
        mix(
          Array.from({ length: pool }, (__, j) => open[i]![j * above + i]!),
          Array.from({ length: pool }, (__, j) => moved[j * above + i]!),
        ),
      );
    });
    expectClose(logitsOf(model, SIZE), heads(model, inputs));
  });

  it('adds the expected share of open connections, level by level', () => {
    const model = tinyModel(snrAver({ levels, l0: 0.2 }));
    const limit = (2 / 3) * Math.log(0.1 / 1.1);
    const share = (l: number) => {
      const open = read<Rows[]>(model, `levels.${l}.gates.log_alpha`)
        .flat(2)
        .map((alpha) => sigmoid(alpha - limit));
      return open.reduce((sum, chance) => sum + chance, 0) / open.length;
    };
    expect(auxiliaryOf(model)['l0']).toBeCloseTo(0.2 * (share(0) + share(1)), 5);
  });

  it.each([
    ['Aver', snrAver],
    ['Trans', snrTrans],
  ] as const)('%s: training closes connections exactly, the more the more it costs', { tags: ['long'] }, (_, snr) => {
    const closed = (l0: number) => {
      const model = tinyModel(snr({ levels, l0 }));
      trainTiny(model, { steps: 120, rate: 0.05, batch: apart(model) });
      const weights = fusionWeights(model, tinyExamples(model, SIZE)).flatMap(({ constant }, l) =>
        model.store.has(`levels.${l}.gates.log_alpha`)
          ? gates(model, l)
              .flat()
              .map((__, i) => constant.flat()[i]!)
          : [],
      );
      expect(weights.some((weight) => weight > 0)).toBe(true);
      const count = weights.length / (snr === snrTrans ? 3 : 1);
      return weights.filter((weight) => weight === 0).length / count;
    };
    expect(closed(1)).toBeGreaterThan(closed(0) + 0.2);
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'for snr-aver.levels, received [].'],
    [{ levels, l0: -1 }, 'Expected a number of 0 or more for snr-aver.l0, received -1.'],
  ])('refuses %j', (config, message) => {
    expect(() => snrAver(config as SnrOptions)).toThrow(message);
  });
});
