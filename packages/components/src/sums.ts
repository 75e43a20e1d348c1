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
