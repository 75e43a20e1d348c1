import { CompileError } from '../compile-error.ts';
import { Emitter } from '../graph/emit.ts';
import {
  Graph,
  keepsDims,
  liveNodes,
  permOf,
  type Recorded,
  operandsOf,
  isValue,
  type Int64Constant,
  type Node,
  type Value,
} from '../graph/graph.ts';

/** A node of the old graph. Its inputs are values of the new graph, so a rule sees what was rewritten before. */
interface Site extends Node {
  readonly operands: readonly Value[];
  /** The first result, a value of the old graph. */
  readonly result: Value;
}

/** A pattern of operations, and faster operations that compute the same. */
export interface Rule<Match = unknown> {
  /** The name of the rule in `without`, in `rewrites` and in the documentation. */
  readonly name: string;
  /** The reason for the place of the rule in the order. A test compares it with the order. */
  readonly why: string;
  /** The operations that the rule looks at. `Input` is an input of the graph. */
  readonly ops: readonly string[];
  /** Returns the data that `rewrite` needs, or undefined when the node doesn't match the pattern. */
  match(site: Site, view: View): Match | undefined;
  /** Writes the new operations, and returns the value that replaces the result of the node. */
  rewrite(match: Match, site: Site, emit: Emitter): Value;
}

/** The rules of one walk through the graph. The first rule that matches a node rewrites it. */
export type Pass = readonly Rule[];

/** The queries of rules: which nodes read a value in the old graph, and, by `graph`, which node computes a value in the new one. */
export class View {
  /** Values of the new graph, by the id of the value of the old graph that they replace. */
  readonly #replacements: Value[] = [];
  #readers: Node[][] | undefined;

  /**
   * @param outputs of the old graph
   * @param live the nodes of the old graph that its outputs depend on
   * @param graph the new one
   */
  constructor(
    private readonly outputs: readonly Value[],
    private readonly live: readonly Node[],
    readonly graph: Graph,
  ) {}

  replacement(old: Value): Value {
    return (this.#replacements[old.id] ??= this.graph.constant(old.constant!, old)); // only constants have no replacement yet
  }

  replace(old: Value, value: Value): void {
    this.#replacements[old.id] = value;
  }

  /** How many inputs of old nodes and outputs of the old graph a new value replaces so far. */
  uses(value: Value): number {
    const oldValues = [...this.live.flatMap(operandsOf), ...this.outputs];
    return oldValues.filter(({ id }) => this.#replacements[id]?.id === value.id).length;
  }

  /** The nodes of the old graph that read the first result of a node. */
  readers({ result }: Site): readonly Node[] {
    if (!this.#readers) {
      this.#readers = [];
      for (const node of this.live) for (const { id } of operandsOf(node)) (this.#readers[id] ??= []).push(node);
    }
    return this.#readers[result.id] ?? [];
  }

  isOutput({ result }: Site): boolean {
    return this.outputs.includes(result);
  }
}

export interface RewriteOptions {
  /** Names of rules to leave out: to measure what a rule is worth, or to find the rule that causes a fault. */
  readonly without?: readonly string[];
}

/** A rewritten graph. */
export interface Rewritten extends Recorded {
  /** How many nodes each rule rewrote, by the rule's name. */
  readonly rewrites: Readonly<Record<string, number>>;
}

/**
 * Rewrites a graph, with one walk for each pass.
 *
 * @throws CompileError when `without` names a rule that no pass has
 */
export function rewrite(recorded: Recorded, passes: readonly Pass[], { without = [] }: RewriteOptions = {}): Rewritten {
  const rewrites: Record<string, number> = Object.fromEntries(passes.flat().map(({ name }) => [name, 0]));
  const unknown = without.find((name) => !Object.hasOwn(rewrites, name));
  if (unknown !== undefined) {
    throw new CompileError(
      `Expected names of rules in without, received "${unknown}". Take some of ${Object.keys(rewrites).join(', ')}.`,
    );
  }
  const { graph, outputs } = passes
    .map((pass) => pass.filter(({ name }) => !without.includes(name)))
    .reduce<Recorded>((before, pass) => walk(before, pass, rewrites), recorded);
  return { graph, outputs, rewrites };
}

/** Writes the nodes that the outputs depend on into a new graph. Pairs of transposes and of reshapes cancel. */
function walk(recorded: Recorded, pass: Pass, rewrites: Record<string, number>): Recorded {
  const emit = new Emitter(new Graph());
  const live = liveNodes(recorded);
  const view = new View(
    recorded.outputs.map(({ value }) => value),
    live,
    emit.graph,
  );

  function rewritten(node: Node, inputs: Node['inputs']): Value | undefined {
    const rules = pass.filter(({ ops }) => ops.includes(node.op));
    if (rules.length === 0) return undefined;
    const site: Site = { ...node, inputs, operands: inputs.filter(isValue), result: node.outputs[0]! };
    for (const rule of rules) {
      const match = rule.match(site, view);
      if (match === undefined) continue;
      rewrites[rule.name]!++;
      return rule.rewrite(match, site, emit);
    }
    return undefined;
  }

  for (const node of [...recorded.graph.inputs.map(inputNode), ...live]) {
    const inputs = node.inputs.map((input) => (isValue(input) ? view.replacement(input) : input));
    const value = rewritten(node, inputs);
    const results = value ? [value] : unchanged({ ...node, inputs }, emit);
    node.outputs.forEach((old, i) => view.replace(old, results[i]!));
  }
  const outputs = recorded.outputs.map(({ name, value }) => ({ name, value: view.replacement(value) }));
  return { graph: emit.graph, outputs };
}

/** An input of the graph as a node, so that rules can rewrite it. */
const inputNode = (value: Value): Node => ({ op: 'Input', inputs: [], attributes: {}, outputs: [value] });

function unchanged(node: Node, emit: Emitter): readonly Value[] {
  const { op, inputs, attributes, outputs } = node;
  const [x, numbers] = inputs as readonly [Value, Value | Int64Constant];
  if (op === 'Input') return [emit.graph.input(outputs[0]!.input!, outputs[0]!)];
  if (op === 'Reshape') return [emit.reshape(x, outputs[0]!.shape)];
  if (op === 'Transpose') return [emit.transpose(x, permOf(node))];
  if (op.startsWith('Reduce') && numbers && !isValue(numbers))
    return [emit.reduce(op, x, numbers.int64, keepsDims(node))];
  return emit.graph.ops(op, inputs, outputs, attributes);
}
