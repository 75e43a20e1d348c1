import { CompileError } from '../compile-error.ts';
import { Emitter } from '../graph/emit.ts';
import { Graph, keepsDims, liveNodes, permOf, type Recorded } from '../graph/graph.ts';
import { isValue, type Int64Constant, type Node, type Value } from '../graph/value.ts';
import { View, type Pass, type Site } from './rule.ts';

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
  const view = new View(recorded, live, emit.graph);

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

/** Writes a node without rewriting. */
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
