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
export function idleHistory(motion: IdleMotion | undefined) {
  if (motion === undefined || !(motion.ratio < 1)) return undefined;
  const window = motion.ratio === 0 ? 1 : Math.ceil(Math.log(NEGLIGIBLE) / Math.log(motion.ratio));
  if (window > LONGEST) return undefined;
  const powersOf = (ratio: number) => Float64Array.from({ length: window + 1 }, (_, j) => ratio ** j);
  /** ρʲ and (ρ · stretch)ʲ for j from 0 to the window's end. */
  const [shares, stretched] = [powersOf(motion.ratio), powersOf(motion.ratio * motion.stretch)];
  /** The factor of each slot, and its powers for the usual numbers of steps. */
  const decays = Object.entries(motion.decay).map(([slot, decay]) => ({ slot, decay, powers: powersOf(decay) }));
  /** By step since the start: Σⱼ weight · ρʲ, and the same sum with each term times its offset. */
  let [weights, offsets] = [new Float64Array(64), new Float64Array(64)];
  let now = 0;

  const grown = (array: Float64Array) => {
    const next = new Float64Array(2 * array.length);
    next.set(array);
    return next;
  };
  const grow = () => void ([weights, offsets] = [grown(weights), grown(offsets)]);
  /** Forgets all steps: every row is at the present, which is step 0 from now on. */
  const restart = () => {
    weights.fill(0);
    offsets.fill(0);
    now = 0;
  };
  return {
    now: () => now,
    restart,
    add(coefficients: Readonly<Record<string, number>>): void {
      const { weight, offset } = motion.step(coefficients);
      if (now + 1 === weights.length) grow();
      const first = Math.max(0, now + 1 - (shares.length - 1));
      for (let s = now; s >= first; s--) {
        const j = now + 1 - s;
        weights[s]! += weight * shares[j]!;
        offsets[s]! += weight * offset * stretched[j]!;
      }
      now++;
    },
    /** Moves rows to the present, in place. @param since the step that each row is at, at most that of now */
    move(since: Int32Array, { parameters, slots, dimension }: RowNumbers): void {
      const move = motion.moverOf(parameters, slots);
      for (let k = 0; k < since.length; k++) {
        const step = since[k]!;
        const weight = step === now ? 0 : weights[step]!;
        if (weight !== 0) move(k * dimension, (k + 1) * dimension, weight, offsets[step]! / weight);
      }
      for (const { slot, decay, powers } of decays) {
        const array = slots[slot]!;
        for (let k = 0; k < since.length; k++) {
          const count = now - since[k]!;
          if (count === 0) continue;
          const factor = count < powers.length ? powers[count]! : decay ** count;
          for (let i = k * dimension; i < (k + 1) * dimension; i++) array[i]! *= factor;
        }
      }
    },
    /** The sums of all steps, [2 × (now + 1)]: the weights, and then the offsets. */
    sums(): Float64Array {
      const sums = new Float64Array(2 * (now + 1));
      sums.set(weights.subarray(0, now + 1));
      sums.set(offsets.subarray(0, now + 1), now + 1);
      return sums;
    },
    /** Goes on from the sums of another history. */
    adopt(sums: Float64Array): void {
      const count = sums.length / 2;
      restart();
      while (weights.length < count + 1) grow();
      weights.set(sums.subarray(0, count));
      offsets.set(sums.subarray(count));
      now = count - 1;
    },
  };
}
