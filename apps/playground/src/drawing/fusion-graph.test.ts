import { expect, it } from 'vitest';
import { fusionGraph } from './fusion-graph.ts';

const LEVELS = [
  {
    outputs: ['a', 'b', 'shared'],
    experts: ['a.0', 'b.0', 'shared.0'],
    ...{ gated: [0.5, 0, 0.5, 0, 0.4, 0.6, 0.2, 0.3, 0.5], constant: [-0.1, 0, 0, 0, 0, 0, 0, 0, 0] },
  },
  { outputs: ['a', 'b'], experts: ['a.0', 'shared.0'], gated: [1, 0, 0, 1], constant: [0, 0, 0, 0] },
].map(({ gated, constant, ...names }) => {
  const rows = (values: readonly number[]) =>
    names.outputs.map((_, u) => values.slice(u * names.experts.length, (u + 1) * names.experts.length));
  return { ...names, gated: rows(gated), gatedDeviation: rows(gated.map(() => 0)), constant: rows(constant) };
});

it('joins experts to the lane that they read, and lanes to the experts with a weight', () => {
  const { nodes, edges } = fusionGraph(LEVELS, ['a', 'b']);
  expect(nodes.map(({ kind, unit }) => `${kind} ${unit}`.trim())).toEqual([
    ...['input', 'expert a', 'expert b', 'expert shared', 'lane a', 'lane b', 'lane shared'],
    ...['expert a', 'expert shared', 'task a', 'task b'],
  ]);
  const reads = edges.filter(({ weight }) => weight === undefined).map(({ from, to }) => `${from.id} → ${to.id}`);
  expect(reads.slice(3)).toEqual(['0 lane a → 1 expert a.0', '0 lane shared → 1 expert shared.0']);
  const takes = edges.filter(({ weight }) => weight !== undefined);
  expect(takes).toHaveLength(9); // of 13 weights, 4 are 0
  expect(takes[0]).toMatchObject({ from: { unit: 'a' }, to: { unit: 'a' }, weight: 0.4 }); // 0.5 − 0.1
  expect(Math.max(...nodes.map(({ x }) => x))).toBe(1);
});

it('draws a network without levels as the input and its tasks', () => {
  const { nodes, edges } = fusionGraph([], ['a', 'b']);
  expect(nodes.map(({ kind, x }) => [kind, x])).toEqual([
    ['input', 0],
    ['task', 1],
    ['task', 1],
  ]);
  expect(edges).toHaveLength(2);
});
