/** Running sums over rows of fusion weights. An array has one entry for each unit and expert, or for each unit. */
export interface WeightSums {
  rows: number;
  readonly mean: Float64Array; // [units × experts]
  /** Σ (w − mean)². */
  readonly squares: Float64Array; // [units × experts]
  readonly zeros: Float64Array; // [units × experts]
  /** Σ of the share of |w| in its row. */
  readonly shares: Float64Array; // [units × experts]
  /** Σ of the entropy of the shares. */
  readonly entropy: Float64Array; // [units]
  /** The number of rows in which all weights of the unit are 0. */
  readonly silent: Float64Array; // [units]
}

export const emptySums = (units: number, experts: number): WeightSums => {
  const [byExpert, byUnit] = [() => new Float64Array(units * experts), () => new Float64Array(units)];
  return {
    rows: 0,
    mean: byExpert(),
    squares: byExpert(),
    zeros: byExpert(),
    shares: byExpert(),
    entropy: byUnit(),
    silent: byUnit(),
  };
};

/** The entropy −Σ s log s of shares, in nats. 0 log 0 is 0. */
export const entropyOf = (shares: ArrayLike<number>): number => {
  let entropy = 0;
  for (let e = 0; e < shares.length; e++) if (shares[e]! > 0) entropy -= shares[e]! * Math.log(shares[e]!);
  return entropy;
};

export const addRows = (sums: WeightSums, weights: Float64Array, units: number, experts: number): void => {
  const cells = units * experts;
  const shares = new Float64Array(experts);
  for (let start = 0; start < weights.length; start += cells) {
    sums.rows++;
    for (let u = 0; u < units; u++) {
      let total = 0;
      for (let e = 0; e < experts; e++) {
        const cell = u * experts + e;
        const weight = weights[start + cell]!;
        const gap = weight - sums.mean[cell]!;
        sums.mean[cell]! += gap / sums.rows;
        sums.squares[cell]! += gap * (weight - sums.mean[cell]!); // Welford 1962
        sums.zeros[cell]! += Number(weight === 0);
        total += Math.abs(weight);
      }
      if (total === 0) {
        sums.silent[u]!++;
        continue;
      }
      for (let e = 0; e < experts; e++) {
        shares[e] = Math.abs(weights[start + u * experts + e]!) / total;
        sums.shares[u * experts + e]! += shares[e]!;
      }
      sums.entropy[u]! += entropyOf(shares);
    }
  }
};

/** Adds the sums of other rows (Chan, Golub & LeVeque 1983). */
export const joinSums = (sums: WeightSums, others: WeightSums): void => {
  if (others.rows === 0) return;
  const [rows, otherRows] = [sums.rows, others.rows];
  for (let cell = 0; cell < sums.mean.length; cell++) {
    const gap = others.mean[cell]! - sums.mean[cell]!;
    sums.mean[cell]! += (gap * otherRows) / (rows + otherRows);
    sums.squares[cell]! += others.squares[cell]! + (gap * gap * rows * otherRows) / (rows + otherRows);
    sums.zeros[cell]! += others.zeros[cell]!;
    sums.shares[cell]! += others.shares[cell]!;
  }
  for (let u = 0; u < sums.entropy.length; u++) {
    sums.entropy[u]! += others.entropy[u]!;
    sums.silent[u]! += others.silent[u]!;
  }
  sums.rows = rows + otherRows;
};
