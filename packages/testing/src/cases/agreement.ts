import { broken } from './case.ts';

/** Numbers by name: parameters, gradients or outputs. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Numbers below this share of the largest number may be rounding errors of differences of large numbers. */
const FLOOR = 0.05;

/**
 * Requires that two sets of numbers agree. The allowed difference is `tolerance` times the largest number of a name, or
 * times a twentieth of the largest number of all names if that is larger. With tolerance 0 the bits must be equal.
 *
 * @throws ConformanceError with the place of the first number that differs
 */
export function expectAgreement(
  seen: Numbers,
  expected: Numbers,
  tolerance: number,
  { what, fix }: { what: string; fix: string },
): void {
  const names = Object.keys(expected);
  const sameNames = names.length === Object.keys(seen).length && names.every((name) => name in seen);
  if (!sameNames) {
    broken({
      expected: `${what} of ${names.join(', ') || 'nothing'}`,
      seen: `those of ${Object.keys(seen).join(', ') || 'nothing'}`,
      fix,
    });
  }
  const most = Math.max(0, ...names.map((name) => largest(expected[name]!)));
  for (const name of names) {
    const [actual, target] = [seen[name]!, expected[name]!];
    if (actual.length !== target.length)
      broken({ expected: `${what}: ${target.length} numbers of ${name}`, seen: String(actual.length), fix });
    const allowed = tolerance * Math.max(largest(target), FLOOR * most);
    for (let i = 0; i < target.length; i++) {
      const fits = tolerance === 0 ? Object.is(actual[i], target[i]) : Math.abs(actual[i]! - target[i]!) <= allowed;
      if (!fits) broken({ expected: `${what}: ${name}[${i}] = ${target[i]}`, seen: String(actual[i]), fix });
    }
  }
}

/** Whether all numbers are equal, bit for bit. */
export const areSame = (a: Numbers, b: Numbers): boolean =>
  Object.keys(a).every((name) => Array.from(a[name]!).every((value, i) => Object.is(value, b[name]?.[i])));

/** @throws ConformanceError when a number is NaN or infinite */
export function expectFinite(numbers: Numbers, fix: string): void {
  for (const [name, values] of Object.entries(numbers)) {
    const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
    if (at >= 0) broken({ expected: `finite numbers in ${name}`, seen: `${values[at]} at ${at}`, fix });
  }
}

/**
 * Requires that two values, numbers nested in lists and records, have the same structure and close numbers. As with
 * `toBeCloseTo`, numbers are close if |actual − expected| < 10^−digits / 2.
 *
 * @throws ConformanceError with the place of the first number that differs
 * @example expectClose(bank.run([[[5]]]), [[[12]]], 4);
 */
export function expectClose(actual: unknown, expected: unknown, digits = 5): void {
  const [numbers, targets] = [numbersIn(actual), numbersIn(expected)];
  const fix = 'Compare the two at that place.';
  const at = targets.findIndex(([place], i) => numbers[i]?.[0] !== place);
  if (at >= 0) {
    const seen = numbers[at] ? `one at ${numbers[at][0]}` : 'none';
    broken({ expected: `a number at ${targets[at]![0]}`, seen, fix });
  }
  if (numbers.length > targets.length)
    broken({ expected: `${targets.length} numbers`, seen: String(numbers.length), fix });
  targets.forEach(([place, number], i) => {
    const value = numbers[i]![1];
    if (value === number || Math.abs(value - number) < 10 ** -digits / 2) return;
    broken({ expected: `${number} at ${place}, to ${digits} digits`, seen: String(value), fix });
  });
}

/** All numbers with their places, such as `a[0][2]`. */
function numbersIn(value: unknown, place = ''): (readonly [place: string, value: number])[] {
  if (typeof value === 'number') return [[place || 'the top', value]];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (each, i) => numbersIn(each, `${place}[${i}]`)).flat();
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, place ? `${place}.${name}` : name));
}
