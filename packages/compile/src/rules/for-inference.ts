import type { Recorded } from '../graph/recorded.ts';
import type { Values } from '../graph/value.ts';
import { rewrite, type RewriteOptions, type Rewritten } from '../rewrite/rewrite.ts';
import type { Pass } from '../rewrite/rule.ts';
import { constantInputs } from './constant-inputs.ts';
import { flatTransposes } from './flat-transposes.ts';
import { foldMoves } from './fold-moves.ts';
import { joinStacks } from './join-stacks.ts';
import { singleRow } from './single-row.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { onColumns, softmaxColumns } from './softmax-columns.ts';

export interface InferenceOptions extends RewriteOptions {
  /** Also what only pays on ONNX Runtime's CPU kernels, and at the batch size that was recorded. Default false. */
  readonly cpu?: boolean;
}

/** With more rows than this, a product of fixed weights with its bias inside is no faster than the two apart. */
const FEW_ROWS = 64;

/** The walks of a function for inference, in their order. Each rule's `why` gives the reason for its place. */
export const inferencePasses = (constants: Readonly<Record<string, Values>>, cpu: boolean): readonly Pass[] => [
  [constantInputs(constants), foldMoves],
  [joinStacks],
  ...(cpu ? [[singleRow], [sinkReshapes(FEW_ROWS)], [softmaxColumns, onColumns], [flatTransposes]] : []),
];

/**
 * A recorded function for inference: its variables become constants of the graph, which ONNX Runtime packs for its kernels
 * when it loads the model, and the graph does the same with fewer operations.
 *
 * @param constants numbers of the inputs that don't change, by name: the variables, as a rule
 * @throws CompileError when `without` has an unknown rule
 * @example
 * const traced = trace(fn, { x: { shape: [1, 320] } });
 * const numbers = Object.fromEntries(traced.reads.map((each) => [variableInput(each), each.dataSync<'float32'>()]));
 * const { graph, outputs } = forInference(traced, numbers);
 * const model = writeModel(graph, outputs);
 */
export const forInference = (
  recorded: Recorded,
  constants: Readonly<Record<string, Values>>,
  { cpu = false, ...options }: InferenceOptions = {},
): Rewritten => rewrite(recorded, inferencePasses(constants, cpu), options);
