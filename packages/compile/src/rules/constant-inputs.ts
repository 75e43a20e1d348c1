import type { Values } from '../graph/value.ts';
import type { Rule } from '../rewrite/rule.ts';

/** Makes constants of inputs whose numbers don't change. ONNX Runtime packs constants for its kernels when it loads them. */
export const constantInputs = (numbers: Readonly<Record<string, Values>>): Rule<Values> => ({
  name: 'constant-inputs',
  why: 'First, before single-row, which looks for constant kernels.',
  ops: ['Input'],
  match: ({ result }) => (Object.hasOwn(numbers, result.input!) ? numbers[result.input!] : undefined),
  rewrite: (values, { result }, emit) => emit.graph.constant(values, result),
});
