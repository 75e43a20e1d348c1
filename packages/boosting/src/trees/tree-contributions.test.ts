import { expect, test } from 'vitest';
import { boost } from '../boost.ts';
import { madeTable } from '../testing/tables.ts';
import { treeContributions, type CountedTree } from './tree-contributions.ts';

const FEATURES = 4;
/** Columns 2 and 4 belong to one feature. */
const featureOf = [0, 1, 2, 3, 2];

/** A tree of random splits of bins 0 to 9, whose columns come again on a way. */
function randomTree(seed: number, splits = 9): CountedTree {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const children: number[] = [];
  const open = [~0];
  for (let split = 0; split < splits; split++) {
    const at = split === 0 ? -1 : random(children.length);
    if (at >= 0 && children[at]! >= 0) {
      split--;
      continue;
    }
    if (at >= 0) {
      open.push(~open.length);
      children.push(children[at]!, open.at(-1)!);
      children[at] = split;
    } else children.push(open[0]!, (open.push(~1), ~1));
  }
  const sets = Array.from({ length: splits }, () => Array.from({ length: 10 }, () => random(2) === 1));
  return {
    root: 0,
    children,
    column: sets.map(() => random(featureOf.length)),
    value: open.map(() => random(200) / 10 - 10),
    count: open.map(() => 1 + random(30)),
    goesLeft: (split, bin) => sets[split]![bin]!,
  };
}

/** The value of a coalition of features, by the definition. */
function valueOf(tree: CountedTree, known: ReadonlySet<number>, row: number[], background?: number[]): number {
  const rows = (node: number): number =>
    node < 0 ? tree.count[~node]! : rows(tree.children[node * 2]!) + rows(tree.children[node * 2 + 1]!);
  const from = (node: number): number => {
    if (node < 0) return tree.value[~node]!;
    const column = tree.column[node]!;
    const [left, right] = [tree.children[node * 2]!, tree.children[node * 2 + 1]!];
    const decides = known.has(featureOf[column]!) ? row : background;
    if (decides) return from(tree.goesLeft(node, decides[column]!) ? left : right);
    return (from(left) * rows(left) + from(right) * rows(right)) / rows(node);
  };
  return from(tree.root);
}

/** Shapley's formula over all coalitions. */
function enumerated(value: (known: ReadonlySet<number>) => number, features: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: features }, (_, feature) => {
    let sum = 0;
    for (let mask = 0; mask < 2 ** features; mask++) {
      if ((mask >> feature) & 1) continue;
      const known = Array.from({ length: features }, (_, f) => f).filter((f) => (mask >> f) & 1);
      const weight = (factorial(known.length) * factorial(features - 1 - known.length)) / factorial(features);
      sum += weight * (value(new Set([...known, feature])) - value(new Set(known)));
    }
    return sum;
  });
}

const [row, background] = [
  [3, 9, 0, 5, 7],
  [8, 1, 4, 5, 2],
];

test.each(Array.from({ length: 30 }, (_, seed) => seed + 1))('tree %i: enumeration, both kinds', (seed) => {
  const tree = randomTree(seed);
  const add = treeContributions(tree, featureOf);
  for (const other of [undefined, background]) {
    const contributions = new Float64Array(FEATURES);
    const base = add(row, contributions, other);
    const wanted = enumerated((known) => valueOf(tree, known, row, other), FEATURES);
    wanted.forEach((each, f) => expect(contributions[f]).toBeCloseTo(each, 10));
    expect(base).toBeCloseTo(valueOf(tree, new Set(), row, other), 10);
    expect(base + contributions.reduce((a, b) => a + b)).toBeCloseTo(valueOf(tree, new Set([0, 1, 2, 3]), row), 10);
  }
});

test('a tree without splits is its base value', () => {
  const leaf = { root: ~0, column: [], children: [], value: [4], count: [10], goesLeft: () => true };
  const contributions = new Float64Array(2);
  expect(treeContributions(leaf, [0, 1])([0, 0], contributions)).toBe(4);
  expect([...contributions]).toEqual([0, 0]);
});

test('leaves of trained trees have the counts of their rows', () => {
  const { columns, number: labels } = madeTable(1, 300);
  const { trees } = boost({ objective: 'regression', columns, labels, numIterations: 4, minDataInLeaf: 7 }).toJSON();
  expect(trees).toHaveLength(4);
  for (const { count, value } of trees) {
    expect(count).toHaveLength(value.length);
    expect(count.reduce((a, b) => a + b)).toBe(300);
    expect(Math.min(...count)).toBeGreaterThanOrEqual(7);
  }
});
