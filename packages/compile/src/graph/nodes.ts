import type { Graph } from './graph.ts';
import type { Permutation } from './permutation.ts';
import { isValue, type Node, type Value } from './value.ts';

/** A node's inputs that are tensors: all but the int64 constants. */
export const operandsOf = ({ inputs }: Node): readonly Value[] => inputs.filter(isValue);

/** The axis of a Gather, Concat, Split or Softmax. */
export const axisOf = ({ attributes }: Node): number => attributes['axis'] as number;

/** The order of axes of a Transpose. */
export const permOf = ({ attributes }: Node): Permutation => attributes['perm'] as Permutation;

/** Whether a reduction leaves sides of 1. */
export const keepsDims = ({ attributes }: Node): boolean => attributes['keepdims'] === 1;

/** A tensor, and the order in which its axes were taken. */
export interface Transposition {
  readonly source: Value;
  readonly perm: Permutation;
}

/** What a value is the transposition of; undefined when no Transpose gives it. */
export function transpositionOf(graph: Graph, value: Value): Transposition | undefined {
  const node = graph.producer(value, 'Transpose');
  return node && { source: node.inputs[0] as Value, perm: permOf(node) };
}

/** What a value was reshaped from; undefined when no Reshape gives it. */
export const reshapedFrom = (graph: Graph, value: Value): Value | undefined =>
  graph.producer(value, 'Reshape')?.inputs[0] as Value | undefined;
