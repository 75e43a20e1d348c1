import type { Emitter } from '../graph/emit.ts';
import type { Node, Value } from '../graph/value.ts';
import type { View } from './view.ts';

/** A node of the old graph. Its inputs are values of the new graph, so a rule sees what was rewritten before. */
export interface Site extends Node {
  /** The inputs that are tensors. */
  readonly operands: readonly Value[];
  /** The first result, a value of the old graph. */
  readonly result: Value;
}

/**
 * A pattern of operations, and faster operations that compute the same. `match` finds the pattern and writes nothing.
 * `rewrite` writes the new operations.
 */
export interface Rule<Found = unknown> {
  /** The name of the rule in `without`, in `rewrites` and in the documentation. */
  readonly name: string;
  /** The reason for the place of the rule in the order. A test compares it with the order. */
  readonly why: string;
  /** The operations that the rule looks at. `Input` is an input of the graph. */
  readonly ops: readonly string[];
  /** Returns what `rewrite` needs, or undefined when the pattern is not there. */
  match(site: Site, view: View): Found | undefined;
  /** Writes the new operations, and returns the value that replaces the result of the node. */
  rewrite(found: Found, site: Site, emit: Emitter): Value;
}

/** The rules of one walk through the graph. The first rule that matches a node rewrites it. */
export type Pass = readonly Rule[];
