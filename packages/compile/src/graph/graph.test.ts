import { describe, expect, it } from 'vitest';
import { Graph, uniformOf } from './graph.ts';

const spec = { type: 'float32', shape: [2] } as const;

describe('a graph', () => {
  it('has one node for the same operation on the same values', () => {
    const graph = new Graph();
    const x = graph.input('x', spec);
    const first = graph.op('Exp', [x], spec);
    expect(graph.op('Exp', [x], spec)).toBe(first);
    expect(graph.op('Exp', [x], spec, { axis: 1 })).not.toBe(first);
    expect(graph.op('Exp', [x], { type: 'float32', shape: [1, 2] })).not.toBe(first);
    const axis = (int64: number[], scalar?: true) =>
      graph.op('CumSum', [x, { int64, ...(scalar && { scalar }) }], spec);
    expect(axis([0])).toBe(axis([0]));
    expect(axis([0])).not.toBe(axis([0], true));
    expect(axis([1, 0])).not.toBe(axis([10]));
  });

  it('has one constant for the same numbers, where they are few or all alike', () => {
    const graph = new Graph();
    const constant = (...numbers: number[]) =>
      graph.constant(Float32Array.from(numbers), { type: 'float32', shape: [numbers.length] });
    expect(constant(1, 2)).toBe(constant(1, 2));
    expect(constant(0)).not.toBe(constant(-0));
    expect(constant(NaN)).toBe(constant(NaN));
    expect(graph.scalar(1)).not.toBe(graph.scalar(1, 'int32'));
    const ones = () => graph.filled(1, { type: 'float32', shape: [100, 100] });
    expect(ones()).toBe(ones());
    expect(graph.filled(1, { type: 'float32', shape: [10_000] })).not.toBe(ones());
  });

  it('computes nothing for empty results', () => {
    const graph = new Graph();
    const nothing = graph.op('Exp', [graph.input('x', { type: 'int32', shape: [2, 0] })], {
      type: 'int32',
      shape: [2, 0],
    });
    expect(nothing.constant).toEqual(new Int32Array(0));
    expect(graph.nodes).toEqual([]);
  });

  it('refuses a second input of a name', () => {
    const graph = new Graph();
    graph.input('x', spec);
    expect(() => graph.input('x', spec)).toThrow('Two inputs of the graph are called "x"');
  });
});

it('uniformOf is the one number of a constant', () => {
  const graph = new Graph();
  const of = (...numbers: number[]) =>
    uniformOf(graph.constant(Float32Array.from(numbers), { type: 'float32', shape: [numbers.length] }));
  expect([of(3, 3), of(3, 4), of(0, -0), of(), of(NaN, NaN)]).toEqual([3, undefined, undefined, undefined, NaN]);
  expect(uniformOf(graph.input('x', spec))).toBeUndefined();
});
