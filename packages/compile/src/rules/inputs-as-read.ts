import { sameShape } from '../graph/shapes.ts';
import type { Rule } from '../rewrite/rule.ts';

/** An input that all its readers reshape to one shape becomes an input of that shape. It saves many small operations. */
export const inputsAsRead: Rule<readonly number[]> = {
  name: 'inputs-as-read',
  why: 'Last, after sink-reshapes, which decides in which shape a bias is read.',
  ops: ['Input'],
  match(site, view) {
    const readers = view.readers(site);
    const shape = readers[0]?.outputs[0]!.shape;
    const isOne = readers.every(({ op, outputs }) => op === 'Reshape' && sameShape(outputs[0]!.shape, shape!));
    return isOne && !view.isOutput(site) ? shape : undefined;
  },
  rewrite: (shape, { result }, emit) => emit.graph.input(result.input!, { type: result.type, shape }),
};
