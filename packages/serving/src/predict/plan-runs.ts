/** Rows `from` … `to` − 1, which one run of a graph predicts. The rest of the batch is padding. */
export interface Run {
  readonly from: number;
  readonly to: number;
  /** The graph's batch size. */
  readonly size: number;
}

/** The fixed cost of a run, in rows. It is 10 on a small model. */
const RUN_COST = 10;

/**
 * Divides rows among graphs of fixed sizes at the least cost. That is one run of the next larger size, or several runs of
 * smaller sizes where most of the larger batch would be padding.
 *
 * @param sizes ascending
 * @example planRuns(300, [1, 16, 256]) // 256, 16, 16 and 16, the last one with 12 rows
 */
export function planRuns(rows: number, sizes: readonly number[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const size of cheapest(rows, sizes)) {
    runs.push({ from, to: Math.min(rows, from + size), size });
    from += size;
  }
  return runs;
}

function cheapest(rows: number, sizes: readonly number[]): number[] {
  if (rows === 0) return [];
  const next = sizes.find((size) => size >= rows);
  const smaller = sizes.filter((size) => size < rows).at(-1);
  if (smaller === undefined) return [next!];
  const whole = Math.floor(rows / smaller);
  const split = [...new Array<number>(whole).fill(smaller), ...cheapest(rows - whole * smaller, sizes)];
  return next !== undefined && costOf([next]) <= costOf(split) ? [next] : split;
}

const costOf = (sizes: readonly number[]): number => sizes.reduce((cost, size) => cost + size + RUN_COST, 0);
