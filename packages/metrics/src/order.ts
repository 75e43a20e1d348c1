// A radix sort over the bits of numbers. Flipping the sign bit of a positive IEEE 754 number, or all bits of a negative one, gives an
// unsigned key of the same order. Numbers that are exact in float32, such as a network's outputs, need one 32-bit key, others two.

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;

/** Reorders `order` so that `key[order[i]]` ascends. Entries of equal key keep their order. */
export const sortByKey = (key: Uint32Array, order: Uint32Array): Uint32Array => {
  const n = order.length;
  let keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) keys[i] = key[order[i]!]!;
  let rows = order;
  let nextKeys = new Uint32Array(n);
  let nextRows: Uint32Array = new Uint32Array(n);
  const starts = new Uint32Array(BUCKETS);

  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[(keys[i]! >>> shift) & (BUCKETS - 1)]!++;
    if (n > 0 && starts[(keys[0]! >>> shift) & (BUCKETS - 1)] === n) continue; // one bucket holds all
    let start = 0;
    for (let b = 0; b < BUCKETS; b++) {
      const size = starts[b]!;
      starts[b] = start;
      start += size;
    }
    for (let i = 0; i < n; i++) {
      const k = keys[i]!;
      const to = starts[(k >>> shift) & (BUCKETS - 1)]!++;
      nextKeys[to] = k;
      nextRows[to] = rows[i]!;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [rows, nextRows] = [nextRows, rows === order ? new Uint32Array(n) : rows]; // the caller's array doesn't change
  }
  return rows;
};

const identity = (n: number): Uint32Array => {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return order;
};

const float32Keys = (values: Float64Array): Uint32Array | undefined => {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + 0; // -0 becomes 0: they are a tie
    floats[i] = value;
    if (floats[i] !== value) return undefined;
  }
  const keys = new Uint32Array(floats.buffer);
  for (let i = 0; i < keys.length; i++) keys[i] = keys[i]! >>> 31 ? ~keys[i]! : keys[i]! | 0x80000000;
  return keys;
};

const float64Keys = (values: Float64Array): { low: Uint32Array; high: Uint32Array } => {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const cell = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < values.length; i++) {
    cell.setFloat64(0, values[i]! + 0);
    const top = cell.getUint32(0);
    const negative = top >>> 31;
    high[i] = negative ? ~top : top | 0x80000000;
    low[i] = negative ? ~cell.getUint32(4) : cell.getUint32(4);
  }
  return { low, high };
};

/** The indices of finite values in ascending order. Ties keep the order of the rows. */
export const argsort = (values: Float64Array): Uint32Array => {
  const single = float32Keys(values);
  if (single) return sortByKey(single, identity(values.length));
  const { low, high } = float64Keys(values);
  return sortByKey(high, sortByKey(low, identity(values.length)));
};

/** Calls `visit` for each group that has rows, with its bounds in an order that `sortByKey` sorted by group. */
export const forEachGroup = (
  group: Uint32Array,
  groupCount: number,
  visit: (start: number, end: number) => void,
): void => {
  const sizes = new Uint32Array(groupCount);
  for (let i = 0; i < group.length; i++) sizes[group[i]!]!++;
  let start = 0;
  for (let g = 0; g < groupCount; g++) {
    const end = start + sizes[g]!;
    if (end > start) visit(start, end);
    start = end;
  }
};

/**
 * The rank of each value. The smallest value has rank 1, and equal values have the mean of their ranks. O(n).
 *
 * @param values [n], finite
 * @returns [n]
 */
export const midRanks = (values: Float64Array): Float64Array => {
  const order = argsort(values);
  const ranks = new Float64Array(values.length);
  forEachTie(values, order, (start, end) => {
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
  });
  return ranks;
};

/** Calls `visit` with the bounds of each run of equal values in a sorted order. */
export const forEachTie = (
  values: Float64Array,
  order: Uint32Array,
  visit: (start: number, end: number) => void,
): void => {
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    visit(start, end);
    start = end;
  }
};

/** Σ t³ − t over runs of t equal values. Ties reduce the variance of ranks in proportion to it. */
export const tieCorrection = (values: Float64Array): number => {
  let sum = 0;
  forEachTie(values, argsort(values), (start, end) => {
    sum += (end - start) ** 3 - (end - start);
  });
  return sum;
};
