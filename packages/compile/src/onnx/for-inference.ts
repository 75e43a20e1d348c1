import type { Values } from '../graph/value.ts';
import { foldMoves } from './fold-moves.ts';
import { joinStacks } from './join-stacks.ts';
import { replay, type Recorded } from './replay.ts';
import { singleRow } from './single-row.ts';
import { sinkReshapes } from './sink-reshapes.ts';
import { widenBanks } from './widen-banks.ts';

/**
 * A traced function for inference: variables become constants of the graph, which ONNX Runtime packs for its kernels when
 * it loads the model, and the graph is written with fewer operations.
 *
 * @param constants numbers of the inputs that don't change, by name; the variables, as a rule
 * @example
 * const traced = trace(fn, { x: { shape: [1, 320] } });
 * const numbers = Object.fromEntries(traced.reads.map((each) => [variableInput(each), each.dataSync()]));
 * const model = writeModel(...)
 */
export function forInference(recorded: Recorded, constants: Readonly<Record<string, Values>>): Recorded {
  const frozen = replay(recorded, { constants, rule: foldMoves });
  return [joinStacks, widenBanks, singleRow, sinkReshapes].reduce<Recorded>((graph, rule) => replay(graph, { rule }), frozen);
}
