import { mlp } from '@polytask/experts';
import { auxiliaryOf, expectClose, logitsOf, plain, read, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { sluice, type SluiceOptions } from './sluice.ts';
import { beside, mix } from './testing/oracle.ts';

const { heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const levels = [4, 4].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));

describe('sluice', () => {
  it.each([1, 2, 3])(
    'mixes all subspaces by α at each level, then the levels by β, in plain loops: %i subspaces',
    (subspaces) => {
      const model = tinyModel(sluice({ levels, subspaces }));
      let layers: Rows[] = [0, 1, 2].map(() => tinyRows(SIZE)); // a task's subspaces side by side
      const all = levels.map((_, l) => {
        const experts = layers.flatMap((x, t) =>
          Array.from({ length: subspaces }, (__, s) => tanhLayer(model, `levels.${l}.experts.0`, t * subspaces + s, x)),
        );
        const mixed = read<Rows[]>(model, `levels.${l}.gates.weights`).map((rows) => mix(rows[0]!, experts));
        layers = [0, 1, 2].map((t) => beside(...mixed.slice(t * subspaces, (t + 1) * subspaces)));
        return layers;
      });
      const betas = read<Rows[]>(model, 'levels.2.gates.weights').map((rows) => rows[0]!);
      const vectors = betas.map((row, t) =>
        mix(
          row.slice(2 * t, 2 * t + 2),
          all.map((level) => level[t]!),
        ),
      );
      expectClose(logitsOf(model, SIZE), heads(model, vectors));
    },
  );

  it('starts α at .9 for itself and .1 / (T − 1) for the same subspace of the others; β even', () => {
    const model = tinyModel(sluice({ levels }));
    const alphas = read<Rows[]>(model, 'levels.0.gates.weights').map((rows) => rows[0]!);
    alphas.forEach((row, u) => {
      row.forEach((weight, e) => expect(weight).toBeCloseTo(u === e ? 0.9 : u % 2 === e % 2 ? 0.05 : 0, 6));
    });
    const betas = read<Rows[]>(model, 'levels.2.gates.weights').map((rows) => rows[0]!);
    expect(betas).toEqual([
      [0.5, 0.5, 0, 0, 0, 0],
      [0, 0, 0.5, 0.5, 0, 0],
      [0, 0, 0, 0, 0.5, 0.5],
    ]);
    expect(
      read<Rows[]>(tinyModel(sluice({ levels, subspaces: 1 }), { tasks: ['a'] }), 'levels.0.gates.weights'),
    ).toEqual([[[1]]]);
  });

  it('adds ‖G1ᵀ G2‖² of each task and level as its own loss', () => {
    const model = tinyModel(sluice({ levels, orthogonality: 0.3 }));
    let sum = 0;
    for (const l of [0, 1]) {
      const kernels = read<number[][][]>(model, `levels.${l}.experts.0.kernel`); // [subspace of task][in][out]
      for (const t of [0, 1, 2]) {
        for (const i of [0, 1, 2, 3]) {
          for (const j of [0, 1, 2, 3]) {
            sum += kernels[2 * t]!.reduce((dot, row, k) => dot + row[i]! * kernels[2 * t + 1]![k]![j]!, 0) ** 2;
          }
        }
      }
    }
    expect(auxiliaryOf(model)['orthogonality']).toBeCloseTo(0.3 * sum, 4);
    expect(auxiliaryOf(tinyModel(sluice({ levels, orthogonality: 0 })))).toEqual({});
  });

  it('says when its levels differ in width', () => {
    const uneven = sluice({ levels: [{ experts: mlp([4]) }, { experts: mlp([3]) }] });
    expect(() => tinyModel(uneven)).toThrow(
      'Expected all experts of levels.2.experts to give 8 numbers, received 6 from "pass"',
    );
  });

  it.each<[unknown, string]>([
    [{ levels: [] }, 'Expected a list of 1 or more for sluice.levels, received [].'],
    [{ levels, subspaces: 0 }, 'for sluice.subspaces, received 0.'],
    [{ levels, ortogonality: 1 }, 'Did you mean "orthogonality"?'],
  ])('refuses %j', (config, message) => {
    expect(() => sluice(config as SluiceOptions)).toThrow(message);
  });
});
