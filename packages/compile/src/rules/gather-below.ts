import { axisOf, type Transposition } from '../graph/nodes.ts';
import { inverse, permuted } from '../graph/permutation.ts';
import type { Rule } from '../rewrite/rule.ts';

/**
 * Slices of a transposed tensor are taken before it is transposed: the transposition is left to whoever reads them, and costs
 * a product nothing. So a level's lanes stay [batch, lanes, dim], as the sum over experts gave them.
 */
export const gatherBelow: Rule<Transposition> = {
  name: 'gather-below',
  why: 'After join-stacks, which writes the Gathers. Before swap-products, which looks at the transposes that it leaves in front of products.',
  ops: ['Gather'],
  match: ({ operands: [x, places] }, view) => (places!.shape.length === 1 ? view.transposed(x!) : undefined),
  rewrite({ source, perm }, site, emit) {
    const { type, shape } = site.result;
    const spec = { type, shape: permuted(shape, inverse(perm)) };
    const axis = perm[axisOf(site)]!;
    return emit.transpose(emit.graph.op('Gather', [source, site.operands[1]!], spec, { axis }), perm);
  },
};
