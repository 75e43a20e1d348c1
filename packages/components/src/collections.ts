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

/**
 * A record of the same keys with other values.
 *
 * @example mapValues({ a: 1, b: 2 }, (value) => 2 * value) // { a: 2, b: 4 }
 */
export const mapValues = <Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  map: (value: From, key: Key) => To,
): Record<Key, To> => recordOf(Object.keys(record) as Key[], (key) => map(record[key], key));

/**
 * The items of each key, in the order of the first ones.
 *
 * @example groupBy([1, 2, 3], (item) => item % 2).get(1) // [1, 3]
 */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.get(key)?.push(item)) groups.set(key, [item]);
  }
  return groups;
}
