import { requireOptions } from '../compile-error.ts';
import type { Recorded, Values } from '../graph/graph.ts';
import { rewrite, type RewriteOptions, type Rewritten, type Pass } from '../rewrite/rewrite.ts';
import { constantInputs, foldMoves } from './constants.ts';
import {
  flatTransposes,
  gatherBelow,
  swapProducts,
  turnProducts,
  inputsAsRead,
  reshapesLast,
  sinkReshapes,
} from './layouts.ts';
import { joinStacks } from './join-stacks.ts';
import { reluFactor, reluMask, softplusParts, withoutOnes } from './elementwise.ts';
import { singleRow, sumsAsProducts, outerProducts } from './products.ts';
import { onColumns, softmaxColumns } from './softmax-columns.ts';

/** The walks of a training step, in order. The `why` of each rule gives the reason for its place. */
export const TRAINING: readonly Pass[] = [
  [joinStacks],
  [gatherBelow],
  [softmaxColumns, onColumns],
  [flatTransposes],
  [swapProducts],
  [softplusParts],
  [withoutOnes],
  [reluMask, reluFactor],
  [turnProducts],
  [outerProducts],
  [sinkReshapes(Infinity)],
  [reshapesLast],
  [sumsAsProducts],
  [inputsAsRead],
];

/** With more rows than this, a product of constant weights with its bias inside is no faster than the two operations. */
const FEW_ROWS = 64;

/** The walks of a function for inference, in order. */
export const inference = (constants: Readonly<Record<string, Values>>, cpu: boolean): readonly Pass[] => [
  [constantInputs(constants), foldMoves],
  [joinStacks],
  ...(cpu ? [[singleRow], [sinkReshapes(FEW_ROWS)], [softmaxColumns, onColumns], [flatTransposes]] : []),
];

/**
 * Rewrites a recorded training step, or any other function whose variables stay inputs, with fewer and faster operations
 * for the CPU kernels of ONNX Runtime. An input that is only read in another shape becomes an input of that shape: read
 * the shapes from `graph.inputs`.
 *
 * @throws CompileError when `without` names no rule of this list
 * @throws Error for an unknown option
 * @example
 * const { graph, outputs } = forTraining(trace(step, { x: { shape: [1024, 320] } }));
 * const model = writeModel(graph, outputs);
 */
export function forTraining(recorded: Recorded, options: RewriteOptions = {}): Rewritten {
  requireOptions('forTraining', options, ['without']);
  return rewrite(recorded, TRAINING, options);
}

export interface InferenceOptions extends RewriteOptions {
  /** Whether to use the rules that only pay on the CPU kernels of ONNX Runtime, at the recorded batch size. Default false. */
  readonly cpu?: boolean;
}

/**
 * Rewrites a recorded function for inference. Its variables become constants of the graph, and the graph computes the same
 * with fewer operations.
 *
 * @param constants the numbers of inputs that don't change (usually the variables), by name
 * @throws CompileError when `without` names no rule of this list
 * @throws Error for an unknown option
 * @example
 * const traced = trace(fn, { x: { shape: [1, 320] } });
 * const numbers = Object.fromEntries(traced.reads.map((each) => [variableInput(each), each.dataSync<'float32'>()]));
 * const { graph, outputs } = forInference(traced, numbers);
 * const model = writeModel(graph, outputs);
 */
export function forInference(
  recorded: Recorded,
  constants: Readonly<Record<string, Values>>,
  options: InferenceOptions = {},
): Rewritten {
  requireOptions('forInference', options, ['without', 'cpu']);
  return rewrite(recorded, inference(constants, options.cpu ?? false), options);
}
