import type { DescribeWarning } from './description.ts';
import { counted, short } from './words.ts';

const NINES = /^-?(99+|9{2,}\.0+)$|^-9(\.0+)?$|^-?(8888+|7777+)$/;

/**
 * Numbers such as -999 or 99999 that stand for "no value" or "more than we wrote down": at an end of the column and farther
 * from the other values than those are from each other.
 *
 * @param sorted [values] ascending, without the missing ones
 */
export function sentinels(name: string, counts: ReadonlyMap<string, number>, sorted: Float64Array): DescribeWarning[] {
  return [...counts].flatMap(([text, count]): DescribeWarning[] => {
    if (!NINES.test(text)) return [];
    const value = Number(text);
    const others = sorted.filter((each) => each !== value);
    if (others.length < 2) return [];
    const [min, max] = [others[0]!, others.at(-1)!];
    if (Math.max(min - value, value - max) <= max - min) return [];
    const message = `\`${name}\`: ${text} occurs ${count === 1 ? 'once' : `${counted(count, 'time')}`}, far from the other values (${short(min)} to ${short(max)}). If it means "no value", add "${text}" to csv.missing, which is for all columns.`;
    return [{ kind: 'sentinel', column: name, message }];
  });
}
