import * as tf from '@tensorflow/tfjs-core';
import { groupTensorMath } from '../../arithmetic/group-math.ts';
import { define, fail, type Factory, type Read } from '@polytask/components';
import { optionsIn, type DefineLossOptions, type GroupLoss, type LossDefinition, type GroupMean } from './loss.ts';
import { groupDoubleMath, vectorOf, type GroupDoubles } from '../../arithmetic/group-doubles.ts';

/** @param outputs how many outputs the task has */
export type BuildGroupLoss<C> = (config: C, outputs: number) => GroupLoss;

/**
 * Defines a loss that compares rows of a group: pairs, or lists. It is written once, as a loss of {@link defineLoss} is. It may use the
 * operations of `math` only, and doesn't branch on values. In training the groups are those of a batch. In evaluation they are those of
 * all rows.
 *
 * @param name the name in saved models and data set files; it must be unique
 * @returns a factory of specs
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
 * binary({ loss: hinge() });
 */
export function defineGroupLoss<O extends object = Record<never, never>>(
  name: string,
  build: BuildGroupLoss<Read<O>>,
  { options, fits, ...about }: DefineLossOptions<O>,
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
          tensors: (z, y, weights, groups = missingGroups(name, 'the batch')) =>
            tensorLoss(loss, [z, y, weights], groups),
          mean: () => new GroupLossMean(loss, outputs, () => missingGroups(name, 'the rows to evaluate')),
        };
      },
      missing: (what) => missingGroups(name, what),
    },
    fits,
  };
  return define('loss', name, definition, { ...about, options: optionsIn(options) });
}

function tensorLoss(
  loss: GroupLoss,
  [z, y, w]: [z: tf.Tensor, y: tf.Tensor, w: tf.Tensor],
  groups: tf.Tensor,
): tf.Tensor {
  const terms = loss(z, y, w, groupTensorMath(groups));
  return tf.div(tf.sum(terms.loss, -1), tf.maximum(tf.sum(terms.weight, -1), 1e-12));
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

/** Rows of one group. */
interface Members {
  /** Row-major, [rows × outputs]. */
  readonly z: number[];
  readonly y: number[];
  readonly w: number[];
}

/** The loss of all rows of each group in double precision, whatever the batches that the rows come in. It keeps all labeled rows. */
class GroupLossMean implements GroupMean {
  readonly #loss: GroupLoss;
  readonly #outputs: number;
  readonly #missing: () => never;
  readonly #math = groupDoubleMath();
  readonly #groups = new Map<number, Members>();
  #sum = 0;
  #weight = 0;

  /**
   * @param outputs how many outputs the task has
   * @param missing throws that rows have no groups
   */
  constructor(loss: GroupLoss, outputs: number, missing: () => never) {
    this.#loss = loss;
    this.#outputs = outputs;
    this.#missing = missing;
  }

  add(z: ArrayLike<number>, { labels, weights, groups = this.#missing() }: Parameters<GroupMean['add']>[1]): void {
    for (let row = 0; row < labels.length; row++) {
      if (weights[row] === 0) continue; // the label is missing
      const group = groups[row]!;
      const members: Members = this.#groups.get(group) ?? { z: [], y: [], w: [] };
      for (let i = 0; i < this.#outputs; i++) members.z.push(z[row * this.#outputs + i]!);
      members.y.push(labels[row]!);
      members.w.push(weights[row]!);
      const isFull = group < 0 || members.y.length === LARGEST; // a group below 0 is this row alone
      if (isFull) this.#measure(members);
      if (isFull) this.#groups.delete(group);
      else this.#groups.set(group, members);
    }
  }

  #measure({ z, y, w }: Members): void {
    const outputs = Float64Array.from(z);
    const terms = this.#loss<GroupDoubles>(
      this.#outputs === 1
        ? vectorOf(outputs)
        : { ...vectorOf(outputs), rows: y.length, columns: this.#outputs, flat: false },
      vectorOf(Float64Array.from(y)),
      vectorOf(Float64Array.from(w)),
      this.#math,
    );
    this.#sum += sumOf(terms.loss);
    this.#weight += sumOf(terms.weight);
  }

  value(): number {
    for (const members of this.#groups.values()) this.#measure(members);
    this.#groups.clear();
    return this.#sum / this.#weight;
  }
}

const sumOf = (v: GroupDoubles): number => (typeof v === 'number' ? v : v.data.reduce((sum, each) => sum + each, 0));
