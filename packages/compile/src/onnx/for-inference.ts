import type { Values } from '../graph/value.ts';
import { flatTransposes } from './flat-transposes.ts';
import { foldMoves } from './fold-moves.ts';
import { joinStacks } from './join-stacks.ts';
import { replay, type Recorded, type Rule } from './replay.ts';
import { singleRow } from './single-row.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { softmaxColumns } from './softmax-columns.ts';

export interface InferenceOptions {
  /** Also what only pays on ONNX Runtime's CPU kernels, and at the batch size that was recorded. Default false. */
  cpu?: boolean;
}

/** Fewer operations and copies, wherever the graph runs. */
const ANYWHERE: readonly Rule[] = [joinStacks];

/** With more rows than this, a product of fixed weights with its bias inside is no faster than the two apart. */
const FEW_ROWS = 64;

const ON_CPU: readonly Rule[] = [...ANYWHERE, singleRow, sinkReshapes(FEW_ROWS), softmaxColumns, flatTransposes];

/**
 * A recorded function for inference: its variables become constants of the graph, which ONNX Runtime packs for its kernels
 * when it loads the model, and the graph does the same with fewer operations.
 *
 * @param constants numbers of the inputs that don't change, by name: the variables, as a rule
 * @example
 * const traced = trace(fn, { x: { shape: [1, 320] } });
 * const numbers = Object.fromEntries(traced.reads.map((each) => [variableInput(each), each.dataSync<'float32'>()]));
 * const { graph, outputs } = forInference(traced, numbers);
 * const model = writeModel(graph, outputs);
 */
export function forInference(
  recorded: Recorded,
  constants: Readonly<Record<string, Values>>,
  { cpu = false }: InferenceOptions = {},
): Recorded {
  const frozen = replay(recorded, { constants, rule: foldMoves });
  return (cpu ? ON_CPU : ANYWHERE).reduce<Recorded>((graph, rule) => replay(graph, { rule }), frozen);
}
