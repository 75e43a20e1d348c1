import type { Recorded } from '../graph/recorded.ts';
import { rewrite, type RewriteOptions, type Rewritten } from '../rewrite/rewrite.ts';
import type { Pass } from '../rewrite/rule.ts';
import { flatTransposes } from './flat-transposes.ts';
import { gatherBelow } from './gather-below.ts';
import { inputsAsRead } from './inputs-as-read.ts';
import { joinStacks } from './join-stacks.ts';
import { outerProducts } from './outer-products.ts';
import { reluFactor, reluMask } from './relu-mask.ts';
import { reshapesLast } from './reshapes-last.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { onColumns, softmaxColumns } from './softmax-columns.ts';
import { softplusParts } from './softplus-parts.ts';
import { sumsAsProducts } from './sums-as-products.ts';
import { swapProducts } from './swap-products.ts';
import { turnProducts } from './turn-products.ts';
import { withoutOnes } from './without-ones.ts';

/** The walks of a training step, in their order. Each rule's `why` gives the reason for its place. */
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

/**
 * A recorded training step, or any other function whose variables stay inputs, with fewer and faster operations on ONNX
 * Runtime's CPU kernels. An input that is only ever read in another shape has that shape: its numbers are the same.
 *
 * @throws CompileError when `without` has an unknown rule
 * @example
 * const { graph, outputs } = forTraining(trace(step, { x: { shape: [1024, 320] } }));
 * const model = writeModel(graph, outputs);
 */
export const forTraining = (recorded: Recorded, options?: RewriteOptions): Rewritten =>
  rewrite(recorded, TRAINING, options);
