import type { Recorded } from '../graph/recorded.ts';
import type { Values } from '../graph/value.ts';
import { rewrite, type RewriteOptions, type Rewritten } from '../rewrite/rewrite.ts';
import type { Pass } from '../rewrite/rule.ts';
import { constantInputs } from './constant-inputs.ts';
import { flatTransposes } from './flat-transposes.ts';
import { foldMoves } from './fold-moves.ts';
import { gatherBelow } from './gather-below.ts';
import { inputsAsRead } from './inputs-as-read.ts';
import { joinStacks } from './join-stacks.ts';
import { outerProducts } from './outer-products.ts';
import { reluFactor, reluMask } from './relu-mask.ts';
import { reshapesLast } from './reshapes-last.ts';
import { singleRow } from './single-row.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { onColumns, softmaxColumns } from './softmax-columns.ts';
import { softplusParts } from './softplus-parts.ts';
import { sumsAsProducts } from './sums-as-products.ts';
import { swapProducts } from './swap-products.ts';
import { turnProducts } from './turn-products.ts';
import { withoutOnes } from './without-ones.ts';

/** The walks of a training step, in their order. The `why` of each rule gives the reason for its place. */
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

/** With more rows than this, a product of fixed weights with its bias inside is no faster than the two apart. */
const FEW_ROWS = 64;

/** The walks of a function for inference, likewise. */
export const inference = (constants: Readonly<Record<string, Values>>, cpu: boolean): readonly Pass[] => [
  [constantInputs(constants), foldMoves],
  [joinStacks],
  ...(cpu ? [[singleRow], [sinkReshapes(FEW_ROWS)], [softmaxColumns, onColumns], [flatTransposes]] : []),
];

/**
 * A recorded training step, or any other function whose variables stay inputs, with fewer and faster operations on ONNX
 * Runtime's CPU kernels. An input that is only ever read in another shape has that shape: its numbers are the same.
 *
 * @throws CompileError when `without` names no rule of this list
 * @example
 * const { graph, outputs } = forTraining(trace(step, { x: { shape: [1024, 320] } }));
 * const model = writeModel(graph, outputs);
 */
export const forTraining = (recorded: Recorded, options?: RewriteOptions): Rewritten =>
  rewrite(recorded, TRAINING, options);

export interface InferenceOptions extends RewriteOptions {
  /** Also what only pays on ONNX Runtime's CPU kernels, and at the batch size that was recorded. Default false. */
  readonly cpu?: boolean;
}

/**
 * A recorded function for inference: its variables become constants of the graph, which ONNX Runtime packs for its kernels
 * when it loads the model, and the graph does the same with fewer operations.
 *
 * @param constants numbers of the inputs that don't change, by name: the variables, as a rule
 * @throws CompileError when `without` names no rule of this list
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
): Rewritten => rewrite(recorded, inference(constants, cpu), options);
