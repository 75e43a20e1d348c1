import * as tf from '@tensorflow/tfjs-core';
import { groupTensorMath } from '../../arithmetic/group-math.ts';
import { fail, sum, type Factory, type Read } from '@polytask/components';
import { definedLoss, type DefineLossOptions, type GroupLoss, type LossDefinition, type GroupMean } from './loss.ts';
import { groupDoubleMath, vectorOf, type GroupDoubles } from '../../arithmetic/group-doubles.ts';

export type BuildGroupLoss<C> = (config: C, outputs: number) => GroupLoss;

/**
 * Defines a loss that compares rows of a group: pairs, or lists. As a loss of {@link defineLoss}, it is written once, with the operations of
 * `math` only. In training the groups are those of a batch. In evaluation they are those of all rows.
 *
 * @throws PolytaskError when the name is taken; the factory throws when the configuration doesn't fit `options`
 * @example
 * // the hinge of pairs: max(0, 1 − (zᵢ − zⱼ)) where yᵢ > yⱼ
 * const hinge = defineGroupLoss('my-package/hinge', () =>
 *   (z, y, w, { maximum, mine, mul, others, sign, sub, sumOverGroup }) => {
 *     const isPair = maximum(sign(sub(mine(y), others(y))), 0);
 *     const weight = mul(isPair, mul(mine(w), others(w)));
 *     const losses = maximum(sub(1, sub(mine(z), others(z))), 0);
 *     return { loss: sumOverGroup(mul(weight, losses)), weight: sumOverGroup(weight) };
 *   }, { tasks: ['binary'] });
 */
export function defineGroupLoss<O extends object = Record<never, never>>(
  name: string,
  build: BuildGroupLoss<Read<O>>,
  { fits, ...about }: DefineLossOptions<O>,
): Factory<'loss', O> {
  const definition: LossDefinition<Read<O>> = {
    build: () =>
      fail({
        expected: 'a loss of single rows',
        received: `"${name}", which compares the rows of a group`,
        fix: 'Call groupLossOf or taskLoss.',
      }),
    group: {
      build(config, outputs) {
        const loss = build(config, outputs);
        return {
          tensors(z, y, weights, groups = missingGroups(name, 'the batch')) {
            const terms = loss(z, y, weights, groupTensorMath(groups));
            return tf.div(tf.sum(terms.loss, -1), tf.maximum(tf.sum(terms.weight, -1), 1e-12));
          },
          mean: () => groupMean(loss, outputs, () => missingGroups(name, 'the rows to evaluate')),
        };
      },
      missing: (what) => missingGroups(name, what),
    },
    fits,
  };
  return definedLoss(name, definition, about);
}

function missingGroups(name: string, what: string): never {
  return fail({
    expected: `the group of each row in ${what}, as the loss "${name}" compares the rows of a group`,
    received: 'none',
    fix: 'Name their column: readCsv(path, { features, tasks, groups: "user_id" }), or "gaucGroup" in a data set file.',
  });
}

/** A larger group is measured in pieces of this many rows: pairs are computed all at once. */
const LARGEST = 1024;

/** The rows of one group; z is row-major, [rows × outputs]. */
type Members = Readonly<Record<'z' | 'y' | 'w', number[]>>;

/** The loss of all rows of each group in double precision, whatever the batches that the rows come in. It keeps all labeled rows. */
function groupMean(loss: GroupLoss, outputs: number, missing: () => never): GroupMean {
  const math = groupDoubleMath();
  const open = new Map<number, Members>();
  let [total, count] = [0, 0];
  const measure = ({ z, y, w }: Members): void => {
    const numbers = vectorOf(Float64Array.from(z));
    const terms = loss<GroupDoubles>(
      outputs === 1 ? numbers : { ...numbers, rows: y.length, columns: outputs, flat: false },
      vectorOf(Float64Array.from(y)),
      vectorOf(Float64Array.from(w)),
      math,
    );
    total += sumOf(terms.loss);
    count += sumOf(terms.weight);
  };
  return {
    add(z, { labels, weights, groups = missing() }) {
      for (let row = 0; row < labels.length; row++) {
        if (weights[row] === 0) continue; // the label is missing
        const group = groups[row]!;
        const members: Members = open.get(group) ?? { z: [], y: [], w: [] };
        for (let i = 0; i < outputs; i++) members.z.push(z[row * outputs + i]!);
        members.y.push(labels[row]!);
        members.w.push(weights[row]!);
        const isFull = group < 0 || members.y.length === LARGEST; // a group below 0 is this row alone
        if (isFull) measure(members);
        if (isFull) open.delete(group);
        else open.set(group, members);
      }
    },
    value() {
      open.forEach(measure);
      open.clear();
      return total / count;
    },
  };
}

const sumOf = (v: GroupDoubles): number => (typeof v === 'number' ? v : sum(v.data));
