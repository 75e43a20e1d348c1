import { isValue } from '../graph/value.ts';
import { liveNodes } from './live-nodes.ts';
import { replay, type Recorded } from './replay.ts';

/** Gives an input that is only reshaped, and to one shape, that shape: a reshape is little work, but there are many. */
export function inputsAsRead(recorded: Recorded): Recorded {
  const results = recorded.outputs.map(({ value }) => value);
  const live = liveNodes(recorded.graph.nodes, results);
  const shapes: Record<string, readonly number[]> = {};
  for (const input of recorded.graph.inputs) {
    const readers = live.filter(({ inputs }) => inputs.some((each) => isValue(each) && each.id === input.id));
    const [shape, ...others] = new Set(
      readers.map(({ op, outputs }) => (op === 'Reshape' ? outputs[0]!.shape.join() : '')),
    );
    if (!shape || others.length > 0 || results.some(({ id }) => id === input.id)) continue;
    shapes[input.input!] = readers[0]!.outputs[0]!.shape;
  }
  return replay(recorded, { shapes });
}
