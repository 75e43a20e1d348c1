import { groupDoubleMath, vectorOf, type GroupDoubles } from '../../arithmetic/group-doubles.ts';
import type { GroupLoss, GroupMean } from './loss.ts';

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
export class GroupLossMean implements GroupMean {
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
