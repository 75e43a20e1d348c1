/**
 * The sum of some numbers, or of a number of each item, from the first to the last.
 *
 * @example sum([1, 2]) // 3
 * @example sum(tables, ({ size }) => size)
 */
export function sum(values: ArrayLike<number>): number;
export function sum<Item>(items: ArrayLike<Item>, valueOf: (item: Item, index: number) => number): number;
export function sum<Item>(items: ArrayLike<Item>, valueOf?: (item: Item, index: number) => number): number {
  let total = 0;
  for (let i = 0; i < items.length; i++) total += valueOf ? valueOf(items[i]!, i) : (items[i] as number);
  return total;
}

/** The mean of some numbers, NaN for none. @example mean([1, 2]) // 1.5 */
export const mean = (values: ArrayLike<number>): number => sum(values) / values.length;

/**
 * A record with a value for each key, in the order of the keys.
 *
 * @example recordOf(['a', 'b'], (key, index) => key + index) // { a: 'a0', b: 'b1' }
 */
export function recordOf<Key extends string, Value>(
  keys: Iterable<Key>,
  valueOf: (key: Key, index: number) => Value,
): Record<Key, Value> {
  let record = {} as Record<Key, Value>;
  let index = 0;
  // each step and each prediction makes some: Object.fromEntries takes three times as long
  for (const key of keys) {
    const value = valueOf(key, index++);
    if (key === '__proto__') record = { ...record, [key]: value };
    else record[key] = value;
  }
  return record;
}

/** A record of the same keys with other values. @example mapValues({ a: 1, b: 2 }, (value) => 2 * value) // { a: 2, b: 4 } */
export const mapValues = <Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  map: (value: From, key: Key) => To,
): Record<Key, To> => recordOf(Object.keys(record) as Key[], (key) => map(record[key], key));

/** The items of each key, in the order of the first ones. @example groupBy([1, 2, 3], (item) => item % 2).get(1) // [1, 3] */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.get(key)?.push(item)) groups.set(key, [item]);
  }
  return groups;
}

export const addTo = <Value>(counts: Map<Value, number>, value: Value, times = 1): void =>
  void counts.set(value, (counts.get(value) ?? 0) + times);

/** How often each value occurs, in the order of the first ones. NaN is left out. @example countsOf(['b', 'a', 'b']).get('b') // 2 */
export function countsOf<Value>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) if (!Number.isNaN(value)) addTo(counts, value);
  return counts;
}

/**
 * Counts with the most frequent value first. Equal counts are in the order of their values, so the order of rows has no effect.
 *
 * @example ranked(countsOf(['b', 'a', 'b'])) // [['b', 2], ['a', 1]]
 */
export const ranked = <Value extends string | number>(
  counts: Iterable<readonly [Value, number]>,
): (readonly [Value, number])[] => [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

/**
 * A function that is called once for each object, and then gives the same result again. The objects must not change.
 *
 * @example const sortedOf = memoized((numbers: Float64Array) => numbers.toSorted());
 */
export function memoized<Of extends object, Result>(compute: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    let entry = known.get(of);
    if (!entry) known.set(of, (entry = { result: compute(of) }));
    return entry.result;
  };
}
