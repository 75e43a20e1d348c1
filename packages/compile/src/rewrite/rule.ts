import type { Emitter } from '../graph/emit.ts';
import type { Node, Value } from '../graph/value.ts';
import type { View } from './view.ts';

/** A node of the graph that is rewritten. Its inputs are values of the new graph, so a rule sees what was rewritten before. */
export interface Site extends Node {
  /** The inputs that are tensors. */
  readonly operands: readonly Value[];
  /** The first result, as the old graph has it. */
  readonly result: Value;
}

/**
 * A pattern of operations and a faster way to compute the same. `match` finds the pattern and writes nothing; `rewrite`
 * writes the other operations.
 */
export interface Rule<Found = unknown> {
  /** Its name in `without`, in `rewrites` and in the documentation. */
  readonly name: string;
  /** Why it stands where it does in the order of the rules. */
  readonly why: string;
  /** The operations of the nodes that it looks at. `Input` is an input of the graph. */
  readonly ops: readonly string[];
  /** What `rewrite` needs of the pattern around a node; undefined where there is no such pattern. */
  match(site: Site, view: View): Found | undefined;
  /** Writes the pattern in another way, and gives what stands for the node's result. */
  rewrite(found: Found, site: Site, emit: Emitter): Value;
}

/** Rules of one walk through the graph: the first one that matches a node rewrites it. */
export type Pass = readonly Rule[];
