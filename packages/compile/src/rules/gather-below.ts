import { axisOf, type Transposition } from '../graph/graph.ts';
import { inverse, permuted } from '../graph/shapes.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * Gathers slices before a transpose in place of after it. The transpose moves to the readers of the slices; it costs
 * nothing where a product reads them. So the lanes of a level stay [batch, lanes, dim], as the sum over experts wrote them.
 */
export const gatherBelow: Rule<Transposition> = {
  name: 'gather-below',
  why: 'After join-stacks, which writes the Gathers. Before swap-products, which looks for transposes in front of products.',
  ops: ['Gather'],
  match: ({ operands: [x, places] }, view) => (places!.shape.length === 1 ? view.transposed(x!) : undefined),
  rewrite({ source, perm }, site, emit) {
    const { type, shape } = site.result;
    const spec = { type, shape: permuted(shape, inverse(perm)) };
    const axis = perm[axisOf(site)]!;
    return emit.transpose(emit.graph.op('Gather', [source, site.operands[1]!], spec, { axis }), perm);
  },
};
