import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { gradientsOf, logitsOf, plain, read, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { crossStitch, type CrossStitchOptions } from './single-task.ts';

const { fuse, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const tanh = (width: number) => ({ experts: mlp([width], { activation: 'tanh' }) });
const levels = [tanh(5), tanh(4)];

describe('crossStitch', () => {
  it.each(['near-identity', 'linear'] as const)(
    "mixes the tasks' lanes by a matrix at each level, in plain loops: %s",
    (start) => {
      const model = tinyModel(crossStitch({ levels, start }));
      let vectors: Rows[] = [0, 1, 2].map(() => tinyRows(SIZE));
      for (const l of [0, 1]) {
        const experts = vectors.map((x, t) => tanhLayer(model, `levels.${l}.experts.0`, t, x));
        const matrix = read<Rows[]>(model, `levels.${l}.gates.weights`).map((rows) => rows[0]!);
        vectors = matrix.map((row) =>
          fuse(
            tinyRows(SIZE).map(() => row),
            experts,
          ),
        ); // the same weights for every row
      }
      const expected = heads(model, vectors);
      for (const [task, values] of Object.entries(logitsOf(model, SIZE))) {
        values.forEach((value, i) => expect(value).toBeCloseTo(expected[task]![i]!, 5));
      }
    },
  );

  it('starts near the identity, as in its paper', () => {
    const model = tinyModel(crossStitch({ levels, self: 0.8 }));
    for (const { constant } of fusionWeights(model, tinyExamples(model, SIZE))) {
      constant.forEach((row, t) => row.forEach((weight, e) => expect(weight).toBeCloseTo(t === e ? 0.8 : 0.1, 6)));
    }
  });

  it('starts at 0.9 for itself unless told otherwise, and at 1 when there is one task', () => {
    const start = (tasks: string[]) =>
      read<number[][][]>(tinyModel(crossStitch({ levels }), { tasks }), 'levels.0.gates.weights');
    expect(
      start(['a', 'b'])
        .flat()
        .map((row) => row.map((weight) => Number(weight.toFixed(6)))),
    ).toEqual([
      [0.9, 0.1],
      [0.1, 0.9],
    ]);
    expect(start(['a'])).toEqual([[[1]]]);
  });

  it("starts from U(±1/√tasks) as in the authors' AdaTT library, when told so", () => {
    const weights = Array.from({ length: 60 }, (_, seed) =>
      read<number[][][]>(tinyModel(crossStitch({ levels, start: 'linear' }), { seed }), 'levels.0.gates.weights').flat(
        2,
      ),
    ).flat();
    const largest = Math.max(...weights.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(3));
    expect(largest).toBeGreaterThan(0.98 / Math.sqrt(3));
  });

  it('lets tasks influence one another', () => {
    const model = tinyModel(crossStitch({ levels }));
    const gradient = gradientsOf(model, 16, 'a')['levels.0.experts.0.kernel']!;
    [0, 1, 2].forEach((t) => expect(gradient.slice(t * 15, (t + 1) * 15).some((value) => value !== 0)).toBe(true));
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for cross-stitch.levels, received [].'],
    [{ levels, strat: 'linear' }, 'Expected an option of cross-stitch, received "strat". Did you mean "start"?'],
    [{ levels, start: 'lineal' }, 'Did you mean "linear"?'],
    [{ levels, self: NaN }, 'Expected a number for cross-stitch.self, received NaN.'],
  ])('refuses %j', (config, message) => {
    expect(() => crossStitch(config as CrossStitchOptions)).toThrow(message);
  });
});
