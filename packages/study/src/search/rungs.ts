/** A round of successive halving. */
export interface Rung {
  /** How many configurations are in it. */
  readonly candidates: number;
  /** How long each is trained, from the start. */
  readonly epochs: number;
}

/**
 * Successive halving: all configurations are trained for a little, the best of them for longer, the last for all epochs.
 * With n configurations, R epochs and k = ⌊log_η min(n, R)⌋, rung i has ⌊n η^−i⌋ of them for R η^(i−k) epochs.
 *
 * Paper: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; the bracket
 * that halves most of Li et al. 2018, "Hyperband".
 *
 * @param eta what remains of each rung is one in so many
 * @example rungs(9, 9, 3); // 9 for 1 epoch, 3 for 3, 1 for 9
 */
export function rungs(candidates: number, epochs: number, eta: number): Rung[] {
  const last = Math.floor(Math.log(Math.min(candidates, epochs)) / Math.log(eta) + 1e-9);
  return Array.from({ length: last + 1 }, (_, i) => ({
    candidates: Math.max(1, Math.floor(candidates / eta ** i)),
    epochs: Math.max(1, Math.round(epochs * eta ** (i - last))),
  }));
}
