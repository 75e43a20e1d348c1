import type { FlatOptimizer } from '../flat/flat-optimizer.ts';
import type { IdleMotion } from '../optimizer.ts';

/** The parameters and the slots have [rows × dimension] numbers or more. */
type RowNumbers = Pick<FlatOptimizer, 'parameters' | 'slots'> & { readonly dimension: number };

/** The least share of a step's move that counts: less is lost in the rounding of float32. */
const NEGLIGIBLE = 1e-9;

/** The longest window of steps. An optimizer whose rows move longer than this is lazy by rows. */
const LONGEST = 5000;

/**
 * How far rows have moved since each step, if they had no gradient. Row r of Adam, without a gradient for k steps since step s, moves by
 *
 *     Σⱼ step₍s₊ⱼ₎ β₁ʲ m / (√(β₂ʲ v) + ε₍s₊ⱼ₎)  =  W · m / (√v + E)
 *
 * W = Σⱼ step₍s₊ⱼ₎ ρʲ with ρ = β₁/√β₂ depends on s and k only, not on the row. E is the mean of
 * ε₍s₊ⱼ₎ β₂^(−j/2) by the weights of that sum. So a row makes up for any number of steps with one root and one
 * division for each number.
 */
export class IdleHistory {
  /** ρʲ and (ρ · stretch)ʲ for j from 0 to the window's end. */
  readonly #shares: Float64Array;
  readonly #stretched: Float64Array;
  /** By step since the start: Σⱼ weight · ρʲ, and the same sum with each term times its offset. */
  #weights = new Float64Array(64);
  #offsets = new Float64Array(64);
  now = 0;
  /** The factor of each slot, and its powers for the usual numbers of steps. */
  readonly #decays: readonly { readonly slot: string; readonly decay: number; readonly powers: Float64Array }[];

  private constructor(
    private readonly motion: IdleMotion,
    window: number,
  ) {
    const powers = (ratio: number) => Float64Array.from({ length: window + 1 }, (_, j) => ratio ** j);
    this.#decays = Object.entries(motion.decay).map(([slot, decay]) => ({ slot, decay, powers: powers(decay) }));
    this.#shares = powers(motion.ratio);
    this.#stretched = powers(motion.ratio * motion.stretch);
  }

  /** Undefined for a motion that doesn't fade within the longest window. */
  static of(motion: IdleMotion | undefined): IdleHistory | undefined {
    if (motion === undefined || !(motion.ratio < 1)) return undefined;
    const window = motion.ratio === 0 ? 1 : Math.ceil(Math.log(NEGLIGIBLE) / Math.log(motion.ratio));
    return window > LONGEST ? undefined : new IdleHistory(motion, window);
  }

  add(coefficients: Readonly<Record<string, number>>): void {
    const { weight, offset } = this.motion.step(coefficients);
    if (this.now + 1 === this.#weights.length) this.#grow();
    const first = Math.max(0, this.now + 1 - (this.#shares.length - 1));
    for (let s = this.now; s >= first; s--) {
      const j = this.now + 1 - s;
      this.#weights[s]! += weight * this.#shares[j]!;
      this.#offsets[s]! += weight * offset * this.#stretched[j]!;
    }
    this.now++;
  }

  /** Moves rows to the present, in place. @param since the step that each row is at, at most {@link now} */
  move(since: Int32Array, { parameters, slots, dimension }: RowNumbers): void {
    const move = this.motion.moverOf(parameters, slots);
    const [now, weights, offsets] = [this.now, this.#weights, this.#offsets];
    for (let k = 0; k < since.length; k++) {
      const step = since[k]!;
      const weight = step === now ? 0 : weights[step]!;
      if (weight !== 0) move(k * dimension, (k + 1) * dimension, weight, offsets[step]! / weight);
    }
    for (const { slot, decay, powers } of this.#decays) {
      const array = slots[slot]!;
      for (let k = 0; k < since.length; k++) {
        const count = now - since[k]!;
        if (count === 0) continue;
        const factor = count < powers.length ? powers[count]! : decay ** count;
        for (let i = k * dimension; i < (k + 1) * dimension; i++) array[i]! *= factor;
      }
    }
  }

  /** Forgets all steps: every row is at the present, which is step 0 from now on. */
  restart(): void {
    this.#weights.fill(0);
    this.#offsets.fill(0);
    this.now = 0;
  }

  /** The sums of all steps, [2 × (now + 1)]: the weights, and then the offsets. */
  get sums(): Float64Array {
    const count = this.now + 1;
    const sums = new Float64Array(2 * count);
    sums.set(this.#weights.subarray(0, count));
    sums.set(this.#offsets.subarray(0, count), count);
    return sums;
  }

  set sums(sums: Float64Array) {
    const count = sums.length / 2;
    this.restart();
    while (this.#weights.length < count + 1) this.#grow();
    this.#weights.set(sums.subarray(0, count));
    this.#offsets.set(sums.subarray(count));
    this.now = count - 1;
  }

  #grow(): void {
    const grown = (array: Float64Array) => {
      const next = new Float64Array(2 * array.length);
      next.set(array);
      return next;
    };
    [this.#weights, this.#offsets] = [grown(this.#weights), grown(this.#offsets)];
  }
}
