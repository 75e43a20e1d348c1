import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { isBatch, sideOf, sidesIn } from './merge-batches.ts';

const BATCHES = [5, 7, 11];

describe('a number that follows the batch', () => {
  it.each<[(batch: number) => number, { fixed: number; each: number } | undefined]>([
    [() => 3, { fixed: 3, each: 0 }],
    [(batch) => batch, { fixed: 0, each: 1 }],
    [(batch) => 4 * batch - 1, { fixed: -1, each: 4 }],
    [(batch) => -batch, { fixed: 0, each: -1 }],
    [(batch) => batch * batch, undefined],
    [(batch) => Math.ceil(batch / 2), undefined],
    [(batch) => Math.max(batch, 6), undefined],
  ])('%s', (f, side) => {
    expect(sideOf(BATCHES.map(f), BATCHES)).toEqual(side);
  });

  it('is the batch itself, or not', () => {
    expect([isBatch({ fixed: 0, each: 1 }), isBatch({ fixed: 1, each: 1 }), isBatch({ fixed: 0, each: 2 })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('numbers in the graph', () => {
  const written = (sides: readonly { fixed: number; each: number }[]) => {
    const graph = new Graph();
    const input = graph.input('x', { type: 'float32', shape: [5, 2] });
    const list = sidesIn(graph, () => input)(sides);
    return { list, ops: graph.nodes.map(({ op }) => op) };
  };

  it('are a constant when none follows the batch', () => {
    expect(
      written([
        { fixed: 3, each: 0 },
        { fixed: -1, each: 0 },
      ]),
    ).toEqual({ list: { int64: [3, -1] }, ops: [] });
  });

  it('are computed with no more operations than it takes', () => {
    expect(written([{ fixed: 0, each: 1 }]).ops).toEqual(['Shape']);
    expect(
      written([
        { fixed: 0, each: 1 },
        { fixed: 3, each: 0 },
        { fixed: 4, each: 0 },
      ]).ops,
    ).toEqual(['Shape', 'Concat']);
    expect(
      written([
        { fixed: 2, each: 3 },
        { fixed: 2, each: 3 },
      ]).ops,
    ).toEqual(['Shape', 'Mul', 'Add', 'Concat']);
  });
});
