import { fusionWeights } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyExamples, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { home, type HomeOptions } from './home.ts';
import { beside, mix } from './testing/oracle.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const experts = mlp([4], { activation: 'tanh' });
const config: HomeOptions = {
  groups: [['a', 'b'], ['c']],
  meta: { experts, perGroup: 2 },
  tasks: { experts, perTask: 2 },
};

describe('home', () => {
  it('is a hierarchy: groups below, tasks above, gates and self-gates, in plain loops', () => {
    const model = tinyModel(home(config));
    /** What a lane gets: its gate over what it sees, and its self-gate over its own. */
    const lane = (
      l: number,
      u: number,
      x: Rows,
      outputs: Rows[],
      sees: (e: number) => boolean,
      own: (e: number) => boolean,
    ) => {
      const [gate, self] = [
        gateOf(model, `levels.${l}.gates.0`, u, x, sees),
        gateOf(model, `levels.${l}.gates.1`, u, x, own),
      ];
      return mix([1, 1], [fuse(gate, outputs), fuse(self, outputs)]);
    };
    const x = tinyRows(SIZE);
    const below = [0, 1, 2, 3, 4].map((e) => tanhLayer(model, 'levels.0.experts.0', e, x)); // ab ab c c shared
    const owners = [0, 0, 1, 1, 2];
    const metas = [0, 1, 2].map((u) =>
      lane(
        0,
        u,
        x,
        below,
        (e) => u === 2 || owners[e] === u || owners[e] === 2,
        (e) => owners[e] === u,
      ),
    );
    const groupOf = [0, 0, 1];
    const reads = [0, 0, 0, 0, 1, 1, 0, 1, 2]; // a a b b c c, group ab, group c, shared
    const above = reads.map((meta, e) => tanhLayer(model, 'levels.1.experts.0', e, metas[meta]!));
    const vectors = [0, 1, 2].map((t) => {
      const own = (e: number) => Math.floor(e / 2) === t && e < 6;
      const sees = (e: number) => own(e) || e === 6 + groupOf[t]! || e === 8;
      return lane(1, t, beside(metas[groupOf[t]!]!, metas[2]!), above, sees, own);
    });
    expectClose(logitsOf(model, SIZE), heads(model, vectors));
  });

  it('keeps groups apart but for what is shared', () => {
    const model = tinyModel(home(config));
    const [, upper] = fusionWeights(model, tinyExamples(model, SIZE));
    expect(upper!.gated.map((row) => row.map((weight) => Number(weight > 0)))).toEqual([
      [1, 1, 0, 0, 0, 0, 1, 0, 1],
      [0, 0, 1, 1, 0, 0, 1, 0, 1],
      [0, 0, 0, 0, 1, 1, 0, 1, 1],
    ]);
    upper!.gated.forEach((row) => expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(2, 5)); // gate and self-gate
    const gradient = gradientsOf(model, 16, 'c')['levels.1.experts.0.kernel']!;
    const perExpert = gradient.length / 9;
    const trained = Array.from({ length: 9 }, (_, e) =>
      gradient.slice(e * perExpert, (e + 1) * perExpert).some((value) => value !== 0),
    );
    expect(trained).toEqual([false, false, false, false, true, true, false, true, true]);
  });

  it.each<[string, string[][], string]>([
    ['a task in none', [['a', 'b']], 'Look for "c".'],
    [
      'a task in two',
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      'Look for "b".',
    ],
    [
      'an unknown one',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      'Look for "d".',
    ],
  ])("refuses groups that aren't the tasks: %s", (_, groups, fix) => {
    expect(() => tinyModel(home({ ...config, groups }))).toThrow(`Expected home.groups to have each of a, b, c once`);
    expect(() => tinyModel(home({ ...config, groups }))).toThrow(fix);
  });

  it('refuses an empty group and an unknown option', () => {
    expect(() => home({ ...config, groups: [['a'], []] })).toThrow('for home.groups[1], received [].');
    expect(() => home({ ...config, meta: { experts, perTask: 1 } } as unknown as HomeOptions)).toThrow(
      'Expected an option of home.meta, received "perTask".',
    );
  });
});
