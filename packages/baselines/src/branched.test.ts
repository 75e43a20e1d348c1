import { mlp } from '@polytask/experts';
import { expectClose, gradientsOf, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import { describe, expect, it } from 'vitest';
import { branched, type BranchedOptions } from './branched.ts';

const { heads, tanhLayer } = plain;

const SIZE = 6;
const levels = [5, 4, 4].map((width) => ({ experts: mlp([width], { activation: 'tanh' }) }));
const branches = [[['a', 'b', 'c']], [['b'], ['c', 'a']], [['a'], ['b'], ['c']]];

describe('branched', () => {
  it('is a tree: each task goes up its own path, in plain loops', () => {
    const model = tinyModel(branched({ levels, branches }));
    const trunk = tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE));
    const [b, ac] = [0, 1].map((branch) => tanhLayer(model, 'levels.1.experts.0', branch, trunk));
    const top = [ac!, b!, ac!].map((x, t) => tanhLayer(model, 'levels.2.experts.0', t, x));
    expectClose(logitsOf(model, SIZE), heads(model, top));
  });

  it('gives the tasks of a branch one vector where it is the last', () => {
    const model = tinyModel(branched({ levels: levels.slice(1), branches: branches.slice(0, 2) }));
    const trunk = tanhLayer(model, 'levels.0.experts.0', 0, tinyRows(SIZE));
    const [b, ac] = [0, 1].map((branch) => tanhLayer(model, 'levels.1.experts.0', branch, trunk));
    expectClose(logitsOf(model, SIZE), heads(model, [ac!, b!, ac!]));
  });

  it('a task trains the branches on its path alone', () => {
    const gradient = gradientsOf(tinyModel(branched({ levels, branches })), 16, 'a')['levels.1.experts.0.kernel']!;
    const half = gradient.length / 2;
    expect([gradient.slice(0, half), gradient.slice(half)].map((part) => part.some((value) => value !== 0))).toEqual([
      false,
      true,
    ]);
  });

  it.each<[BranchedOptions['branches'], string]>([
    [branches.slice(1), 'Expected branches for 3 levels, received 2.'],
    [
      [branches[0]!, branches[1]!, [['a', 'b'], ['c']]],
      'Expected group [a, b] of level 2 to be within one group of the level below',
    ],
    [[branches[0]!, branches[0]!, [['a'], ['b']]], 'Expected branched.branches[2] to have each of a, b, c once'],
  ])('refuses branches that are no tree of the tasks: %j', (wrong, message) => {
    expect(() => tinyModel(branched({ levels, branches: wrong }))).toThrow(message);
  });
});
