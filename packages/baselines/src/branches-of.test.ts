import { describe, expect, it } from 'vitest';
import { branchesOf } from './task-affinity.ts';

const alike = (pairs: Record<string, number>, tasks: string[]) =>
  tasks.map((a) => tasks.map((b) => (a === b ? 1 : (pairs[a + b] ?? pairs[b + a] ?? 0))));

describe('branchesOf', () => {
  it('joins the most alike tasks, by hand', () => {
    const tasks = ['a', 'b', 'c'];
    const level = alike({ ac: 0.9, ab: 0.2, bc: 0.1 }, tasks);
    expect(branchesOf({ tasks, levels: [level, level, level] }, [1, 2, 3])).toEqual([
      [['a', 'b', 'c']],
      [['a', 'c'], ['b']],
      [['a'], ['b'], ['c']],
    ]);
  });

  it("weighs levels together: what is split below can't be joined above", () => {
    const tasks = ['a', 'b', 'c', 'd'];
    const below = alike({ ab: 0.9, cd: 0.9 }, tasks); // by far: ab | cd
    const above = alike({ ac: 0.5, ab: 0.3, cd: 0.2 }, tasks); // alone it would join a and c
    const tree = branchesOf({ tasks, levels: [below, above] }, [2, 3]);
    expect(tree[0]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(tree[1]).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('takes the mean over the branches of a level, however many they are', () => {
    const tasks = ['a', 'b', 'c', 'd'];
    const below = alike({ ab: 0.6, cd: 0.6, ac: 0.5, bd: 0.5 }, tasks);
    const above = alike({ ab: 0.65, ac: 0.9 }, tasks);
    // ab | cd, ab | c | d: .8/2 + .35/3 = .517. ac | bd, ac | b | d: 1/2 + .1/3 = .533, though its sum is less, 1.1 and not 1.15
    expect(branchesOf({ tasks, levels: [below, above] }, [2, 3])).toEqual([
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [['a', 'b'], ['c'], ['d']],
    ]);
  });

  it('counts the least alike pair of a branch', () => {
    const tasks = ['a', 'b', 'c', 'd'];
    const level = alike({ ab: 0.8, bc: 0.8, ac: 0.1, cd: 0.7 }, tasks);
    expect(branchesOf({ tasks, levels: [level] }, [2])).toEqual([
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ]);
  });

  it.each<[number[], string]>([
    [
      [2, 1],
      'Expected a number of branches for each of 2 levels, rising, up to 2; at most 8 tasks, received [2,1] for 2 tasks.',
    ],
    [[1], 'received [1] for 2 tasks'],
    [[1, 3], 'received [1,3] for 2 tasks'],
  ])('refuses %j', (counts, message) => {
    const level = alike({}, ['a', 'b']);
    expect(() => branchesOf({ tasks: ['a', 'b'], levels: [level, level] }, counts)).toThrow(message);
  });
});
