import type { Graph } from './graph.ts';
import type { Permutation } from './permutation.ts';
import { isValue, type Node, type Value } from './value.ts';

/** The inputs of a node that are tensors, without the int64 constants. */
export const operandsOf = ({ inputs }: Node): readonly Value[] => inputs.filter(isValue);

/** The axis of a Gather, Concat, Split or Softmax. */
export const axisOf = ({ attributes }: Node): number => attributes['axis'] as number;

/** The permutation of a Transpose. */
export const permOf = ({ attributes }: Node): Permutation => attributes['perm'] as Permutation;

/** Whether a reduction keeps the reduced axes as dimensions of 1. */
export const keepsDims = ({ attributes }: Node): boolean => attributes['keepdims'] === 1;

/** A tensor, and the permutation of its axes. */
export interface Transposition {
  readonly source: Value;
  readonly perm: Permutation;
}

/** The tensor that was transposed to this value; undefined when no Transpose computes the value. */
export function transpositionOf(graph: Graph, value: Value): Transposition | undefined {
  const node = graph.producer(value, 'Transpose');
  return node && { source: node.inputs[0] as Value, perm: permOf(node) };
}

/** The tensor that was reshaped to this value; undefined when no Reshape computes the value. */
export const reshapedFrom = (graph: Graph, value: Value): Value | undefined =>
  graph.producer(value, 'Reshape')?.inputs[0] as Value | undefined;
