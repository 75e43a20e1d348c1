import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { multiTaskModel } from '../model/model.ts';
import type { Schema } from '../features/schema.ts';
import { binary } from '../tasks/binary.ts';
import { tinyNetwork } from '../testing/tiny.ts';
import { embed, type EmbedOptions } from '../inputs/embed.ts';
import { periodic, type PeriodicOptions } from './periodic.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Two numbers with a vector between them, so that columns move. */
const features: Schema['features'] = {
  age: { kind: 'numeric', mean: 40, deviation: 10, indicator: true },
  x: { kind: 'vector', width: 2 },
  height: { kind: 'numeric', mean: 0, deviation: 1 },
};
const rows = [
  { age: 45, x: [7, 8], height: -1.5 },
  { age: null, x: [9, 10], height: 0.25 },
  { age: 40, x: [0, 0], height: null },
];
const modelOf = (config: EmbedOptions, of = features) =>
  multiTaskModel({
    schema: { features: of, tasks: { click: binary() } },
    input: embed(config),
    network: tinyNetwork({ units: 3 }),
    seed: 7,
  });

/** The inputs of the network, and the parameters of the numbers by name. */
function inputsOf(config: EmbedOptions) {
  const model = modelOf(config);
  const inputs = tf.tidy(() => model.input(model.toTensors(model.encode(rows))).raw.arraySync());
  const parameters = new Map(model.store.all().map(({ name, variable }) => [name, variable.arraySync() as unknown]));
  model.dispose();
  return { inputs, parameters };
}

describe('periodic numbers', () => {
  it.each([false, true])('are relu(W [sin, cos, missing] + b) of learned frequencies (lite: %s)', (lite) => {
    const config: PeriodicOptions = { frequencies: 3, deviation: 0.4, dimension: 2, lite };
    const { inputs, parameters } = inputsOf({ numbers: periodic(config) });
    const frequencies = parameters.get('input.numbers.frequencies') as number[][][];
    const kernel = parameters.get('input.numbers.kernel') as number[][] & number[][][];
    const bias = parameters.get('input.numbers.bias') as number[] & number[][][];
    const vectorOf = (feature: number, x: number, missing: number): number[] => {
      const angles = frequencies[feature]![0]!.map((c) => 2 * Math.PI * c * x);
      const waves = [...angles.map(Math.sin), ...angles.map(Math.cos), missing];
      const [w, b] = lite ? [kernel, bias] : [kernel[feature]!, bias[feature]![0]!];
      return b.map((start, d) =>
        Math.max(
          0,
          waves.reduce((sum, wave, i) => sum + wave * w[i]![d]!, start),
        ),
      );
    };
    const expected = [
      [...vectorOf(0, 0.5, 0), ...vectorOf(1, -1.5, 0), 7, 8],
      [...vectorOf(0, 0, 1), ...vectorOf(1, 0.25, 0), 9, 10],
      [...vectorOf(0, 0, 0), ...vectorOf(1, 0, 0), 0, 0], // without an indicator, a missing number is the mean
    ];
    expected.forEach((row, r) => {
      expect(inputs[r]).toHaveLength(row.length);
      row.forEach((value, i) => expect(inputs[r]![i]).toBeCloseTo(value, 5));
    });
    expect(inputs[1]!.slice(0, 2)).not.toEqual(inputs[2]!.slice(0, 2)); // a missing number is no mean
  });

  it('start with frequencies of the given deviation', () => {
    const { parameters } = inputsOf({ numbers: periodic({ frequencies: 2000, deviation: 0.3 }) });
    const [ofAge] = (parameters.get('input.numbers.frequencies') as number[][][])[0]!;
    const square = ofAge!.reduce((sum, c) => sum + c * c, 0) / ofAge!.length;
    expect(Math.abs(Math.sqrt(square) - 0.3)).toBeLessThan(0.02);
  });

  it('change nothing by default, or without a numeric feature', () => {
    const { inputs, parameters } = inputsOf({});
    expect(inputs[0]).toEqual([0.5, 0, 7, 8, -1.5]);
    expect([...parameters.keys()].filter((name) => name.startsWith('input'))).toEqual([]);
    const model = modelOf({ numbers: periodic() }, { x: { kind: 'vector', width: 2 } });
    expect(model.store.has('input.numbers.kernel')).toBe(false);
    model.dispose();
  });

  it('refuse options that do not fit', () => {
    expect(() => periodic({ deviation: 0 })).toThrow('a number above 0 for periodic.deviation');
    expect(() => periodic({ frequencies: 0 })).toThrow('a whole number of 1 or more for periodic.frequencies');
    expect(() => embed({ numbers: 'periodic' as never })).toThrow('an input for embed.numbers');
  });

  it('read nothing but numbers', () => {
    const schema = {
      features: { state: { kind: 'categorical', vocabulary: ['UT'] } },
      tasks: { click: binary() },
    } as const;
    expect(() => multiTaskModel({ schema, input: periodic(), network: tinyNetwork({ units: 3 }), seed: 7 })).toThrow(
      'Expected features of numbers for periodic, received "state", a categorical feature. Pass input: embed({ numbers: periodic() }).',
    );
  });
});
