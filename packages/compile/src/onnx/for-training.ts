import { flatTransposes } from './flat-transposes.ts';
import { gatherBelow } from './gather-below.ts';
import { inputsAsRead } from './inputs-as-read.ts';
import { joinStacks } from './join-stacks.ts';
import { outerProducts } from './outer-products.ts';
import { reluMask } from './relu-mask.ts';
import { replay, type Recorded, type Rule } from './replay.ts';
import { reshapesLast } from './reshapes-last.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { softmaxColumns } from './softmax-columns.ts';
import { softplusParts } from './softplus-parts.ts';
import { sumsAsProducts } from './sums-as-products.ts';
import { swapProducts } from './swap-products.ts';
import { turnProducts } from './turn-products.ts';
import { withoutOnes } from './without-ones.ts';

const RULES: readonly Rule[] = [
  joinStacks,
  gatherBelow,
  softmaxColumns,
  flatTransposes,
  swapProducts,
  softplusParts,
  withoutOnes,
  reluMask,
  turnProducts,
  outerProducts,
  sinkReshapes(Infinity),
  reshapesLast,
  sumsAsProducts,
];

/**
 * A recorded training step, or any other function whose variables stay inputs, with fewer and faster operations on ONNX
 * Runtime's CPU kernels. An input that is only ever read in another shape has that shape: its numbers are the same.
 *
 * @example
 * const { graph, outputs } = forTraining(trace(step, { x: { shape: [1024, 320] } }));
 * const model = writeModel(graph, outputs);
 */
export const forTraining = (recorded: Recorded): Recorded =>
  inputsAsRead(RULES.reduce<Recorded>((graph, rule) => replay(graph, { rule }), recorded));
