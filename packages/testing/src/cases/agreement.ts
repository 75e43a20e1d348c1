import { broken, expectThat } from './case.ts';

/** Numbers by name: parameters, gradients or outputs. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Numbers below this share of the largest number may be rounding errors of differences of large numbers. */
const FLOOR = 0.05;

/** One list of numbers has no name. */
const named = (numbers: Numbers | ArrayLike<number>): Numbers =>
  Array.isArray(numbers) || ArrayBuffer.isView(numbers) ? { '': numbers as ArrayLike<number> } : (numbers as Numbers);

/**
 * Requires that two sets of numbers agree. The allowed difference is `tolerance` times the largest number of a name, or
 * times a twentieth of the largest number of all names if that is larger. With tolerance 0 the bits must be equal.
 *
 * @param what the numbers are, in words
 */
export function expectAgreement(
  seen: Numbers | ArrayLike<number>,
  expected: Numbers | ArrayLike<number>,
  tolerance: number,
  what: string,
  fix?: string,
): void {
  const [own, wanted] = [named(seen), named(expected)];
  const [names, others] = [Object.keys(wanted), Object.keys(own)];
  const isSame = names.length === others.length && names.every((name) => name in own);
  expectThat(isSame, `${what} of ${names.join(', ') || 'nothing'}`, `those of ${others.join(', ') || 'nothing'}`, fix);
  const most = Math.max(0, ...Object.values(wanted).map(largest));
  for (const [name, target] of Object.entries(wanted)) {
    const actual = own[name]!;
    expectThat(actual.length === target.length, `${what}: ${target.length} numbers of ${name}`, actual.length, fix);
    const allowed = tolerance * Math.max(largest(target), FLOOR * most);
    for (let i = 0; i < target.length; i++) {
      const fits = tolerance === 0 ? Object.is(actual[i], target[i]) : Math.abs(actual[i]! - target[i]!) <= allowed;
      if (!fits) broken(`${what}: ${name}[${i}] = ${target[i]}`, actual[i], fix);
    }
  }
}

/** Whether all numbers are equal, bit for bit. */
export const areSame = (a: Numbers, b: Numbers): boolean =>
  Object.keys(a).every((name) => Array.from(a[name]!).every((value, i) => Object.is(value, b[name]?.[i])));

/** @throws ConformanceError when a number is NaN or infinite */
export function expectFinite(numbers: Numbers): void {
  for (const [name, values] of Object.entries(numbers)) {
    const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
    const fix = 'Guard divisions, logarithms and roots at 0, and exponents of large numbers.';
    expectThat(at < 0, `finite numbers in ${name}`, `${values[at]} at ${at}`, fix);
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
  targets.forEach(([place, number], i) => {
    const own = numbers[i];
    expectThat(own?.[0] === place, `a number at ${place}`, own ? `one at ${own[0]}` : 'none', fix);
    const isClose = own![1] === number || Math.abs(own![1] - number) < 10 ** -digits / 2;
    expectThat(isClose, `${number} at ${place}, to ${digits} digits`, own![1], fix);
  });
  expectThat(numbers.length === targets.length, `${targets.length} numbers`, numbers.length, fix);
}

/** All numbers with their places, such as `a[0][2]`. */
export function numbersIn(value: unknown, place = ''): (readonly [place: string, value: number])[] {
  if (typeof value === 'number') return [[place || 'the top', value]];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (each, i) => numbersIn(each, `${place}[${i}]`)).flat();
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, place ? `${place}.${name}` : name));
}
