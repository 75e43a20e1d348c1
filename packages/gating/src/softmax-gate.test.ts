import { expectClose, plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES, TINY_UNITS } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { softmaxGate, type SoftmaxGateOptions } from './softmax-gate.ts';

const { affine, expertOutputs, fuse } = plain;
type Rows = plain.Rows;

/** Softmax over the seen ones of the scores, in plain loops. */
const softmax = (scores: number[], sees: readonly number[], temperature = 1) => {
  const powers = scores.map((score, e) => (sees[e] ? Math.exp(score / temperature) : 0));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

describe('softmaxGate', () => {
  it.each(['all', 'own', 'own+shared'] as const)('is softmax(x W + b) over what a unit sees: %s', (sees) => {
    const level = tinyLevel(softmaxGate({ sees, temperature: 0.7 }));
    const kernels = level.read('l.gates.kernel') as Rows[];
    const biases = level.read('l.gates.bias') as Rows[];
    const { gated, constant } = level.weights();
    expect(constant).toBeUndefined();
    TINY_UNITS.forEach(({ name }, u) => {
      const scores = affine(level.vectors[name]!, kernels[u]!, biases[u]![0]!);
      expectClose(
        gated![u]!,
        scores.map((row) => softmax(row, TINY_SEES[sees][u]!, 0.7)),
      );
    });
    const experts = expertOutputs(level);
    const next = level.apply();
    TINY_UNITS.forEach(({ name }, u) => expectClose(next[name]!, fuse(gated![u]!, experts)));
  });

  it('agrees when all units read the same vector', () => {
    const level = tinyLevel(softmaxGate({ sees: 'own+shared' }), { same: true });
    const kernels = level.read('l.gates.kernel') as Rows[];
    const biases = level.read('l.gates.bias') as Rows[];
    const { gated } = level.weights();
    TINY_UNITS.forEach(({ name }, u) => {
      const scores = affine(level.vectors[name]!, kernels[u]!, biases[u]![0]!);
      expectClose(
        gated![u]!,
        scores.map((row) => softmax(row, TINY_SEES['own+shared'][u]!)),
      );
    });
  });

  it('sums to 1 over what is seen, and is exactly 0 elsewhere', () => {
    const { gated } = tinyLevel(softmaxGate({ sees: 'own+shared' })).weights();
    gated!.forEach((rows, u) =>
      rows.forEach((row) => {
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
        row.forEach((weight, e) => expect(weight > 0).toBe(TINY_SEES['own+shared'][u]![e] === 1));
        row.forEach((weight, e) => TINY_SEES['own+shared'][u]![e] === 0 && expect(weight).toBe(0));
      }),
    );
  });

  it("reads the network's input when told so, whatever the units' vectors", () => {
    const level = tinyLevel(softmaxGate({ reads: 'raw' }));
    const kernels = level.read('l.gates.kernel') as Rows[];
    const biases = level.read('l.gates.bias') as Rows[];
    level.weights().gated!.forEach((rows, u) => {
      expectClose(
        rows,
        affine(level.raw, kernels[u]!, biases[u]![0]!).map((row) => softmax(row, [1, 1, 1, 1])),
      );
    });
  });

  it('has hidden layers, each unit its own', () => {
    const level = tinyLevel(softmaxGate({ hidden: [5, 3], activation: 'tanh' }));
    const shapes = level.store
      .all()
      .filter(({ name }) => name.startsWith('l.gates'))
      .map(({ name, variable }) => [name, variable.shape]);
    expect(shapes).toEqual([
      ['l.gates.hidden0.kernel', [3, 3, 5]],
      ['l.gates.hidden0.bias', [3, 1, 5]],
      ['l.gates.hidden1.kernel', [3, 5, 3]],
      ['l.gates.hidden1.bias', [3, 1, 3]],
      ['l.gates.kernel', [3, 3, 4]],
      ['l.gates.bias', [3, 1, 4]],
    ]);
    const layer = (x: Rows, path: string, u: number) =>
      affine(x, (level.read(`${path}.kernel`) as Rows[])[u]!, (level.read(`${path}.bias`) as Rows[])[u]![0]!);
    level.weights().gated!.forEach((rows, u) => {
      const first = layer(level.vectors[TINY_UNITS[u]!.name]!, 'l.gates.hidden0', u).map((row) => row.map(Math.tanh));
      const second = layer(first, 'l.gates.hidden1', u).map((row) => row.map(Math.tanh));
      expectClose(
        rows,
        layer(second, 'l.gates', u).map((row) => softmax(row, [1, 1, 1, 1])),
      );
    });
  });

  it('has no bias when told so', () => {
    const level = tinyLevel(softmaxGate({ bias: false }));
    expect(level.store.has('l.gates.bias')).toBe(false);
    const kernels = level.read('l.gates.kernel') as Rows[];
    level.weights().gated!.forEach((rows, u) =>
      expectClose(
        rows,
        affine(level.vectors[TINY_UNITS[u]!.name]!, kernels[u]!, [0, 0, 0, 0]).map((row) => softmax(row, [1, 1, 1, 1])),
      ),
    );
  });

  it('a high temperature evens the weights out, a low one decides', () => {
    const spread = (temperature: number) => {
      const rows = tinyLevel(softmaxGate({ temperature })).weights().gated!.flat();
      return rows.reduce((sum, row) => sum + Math.max(...row) - Math.min(...row), 0) / rows.length;
    };
    expect(spread(100)).toBeLessThan(0.02);
    expect(spread(0.01)).toBeGreaterThan(0.95);
    expect(spread(0.5)).toBeGreaterThan(spread(2));
  });

  it("no gradient reaches an expert that nobody sees, nor a weight between a unit and what it doesn't see", () => {
    const sees = [
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [1, 0, 1, 0],
    ] as const; // nobody sees shared.0
    const level = tinyLevel(softmaxGate({ sees }));
    const gradients = level.gradients();
    const perExpert = 3 * 4;
    const ofExperts = gradients['l.experts.kernel']!;
    [0, 1, 2, 3].forEach((e) => {
      const own = ofExperts.slice(e * perExpert, (e + 1) * perExpert);
      expect(own.some((value) => value !== 0)).toBe(e !== 3);
    });
    const kernel = level.read('l.gates.kernel') as number[][][];
    sees.forEach((row, u) =>
      row.forEach((isVisible, e) => {
        const column = [0, 1, 2].map((i) => gradients['l.gates.kernel']![(u * 3 + i) * 4 + e]!);
        expect(column.some((value) => value !== 0)).toBe(isVisible === 1);
        expect(kernel[u]!.some((each) => each[e] !== 0)).toBe(isVisible === 1); // and it starts, so stays, at 0
      }),
    );
  });

  it('counts as parameters only what can differ from 0', () => {
    const { store } = tinyLevel(softmaxGate({ sees: 'own' }));
    const live = Object.fromEntries(store.all().map(({ name, live: count }) => [name, count]));
    expect(live['l.gates.kernel']).toBe(3 * (2 + 1 + 1));
    expect(live['l.gates.bias']).toBe(2 + 1 + 1);
  });

  it('refuses a unit that sees nothing', () => {
    const units = [
      { name: 'a', kind: 'own', experts: 1 },
      { name: 'b', kind: 'own', experts: 0 },
    ] as const;
    expect(() => tinyLevel(softmaxGate({ sees: 'own' }), { units })).toThrow(
      'Expected each unit of a softmax gate to see an expert, received none for "b"',
    );
  });

  it.each<[unknown, string]>([
    [{ temprature: 2 }, 'Expected an option of softmax, received "temprature". Did you mean "temperature"?'],
    [{ temperature: 0 }, 'Expected a number above 0 for softmax.temperature, received 0.'],
    [{ temperature: Infinity }, 'for softmax.temperature, received Infinity.'],
    [
      { reads: 'rwa' },
      'Expected one of "unit", "raw", "nothing" for softmax.reads, received "rwa". Did you mean "raw"?',
    ],
    [{ hidden: 8 }, 'Expected a list for softmax.hidden, received 8.'],
    [{ hidden: [8, -1] }, 'Expected a whole number of 1 or more for softmax.hidden[1], received -1.'],
    [{ bias: 'no' }, 'Expected true or false for softmax.bias, received "no".'],
    [{ activation: 'tan' }, 'Did you mean "tanh"?'],
    [{ sees: 'own+share' }, 'Did you mean "own+shared"?'],
    [
      { sees: [[1, 2]] },
      'Expected a visibility (own, own+shared, all, or a matrix of 1 and 0) for softmax.sees, received [[1,2]].',
    ],
  ])('refuses %j', (config, message) => {
    expect(() => softmaxGate(config as SoftmaxGateOptions)).toThrow(message);
  });
});
