import { broken } from '../cases/case.ts';

/** Numbers by name: parameters, gradients or outputs. */
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** A part of the largest of all: what is smaller may be a difference of such numbers, and nothing but their rounding. */
const FLOOR = 0.05;

/**
 * Throws unless the numbers of each name agree to `tolerance` times the largest of them (or a twentieth of the largest
 * of all names, where that is more); with 0, unless they are the same bit for bit.
 */
export function expectAgreement(
  seen: Numbers,
  expected: Numbers,
  tolerance: number,
  { what, mend }: { what: string; mend: string },
): void {
  const names = Object.keys(expected);
  const strange = Object.keys(seen).filter((name) => !names.includes(name));
  const missing = names.filter((name) => !(name in seen));
  if (strange.length + missing.length > 0) {
    broken({
      expected: `${what} of ${names.join(', ') || 'nothing'}`,
      seen: `those of ${Object.keys(seen).join(', ') || 'nothing'}`,
      mend,
    });
  }
  const most = Math.max(0, ...names.map((name) => largest(expected[name]!)));
  for (const name of names) {
    const [got, wanted] = [seen[name]!, expected[name]!];
    if (got.length !== wanted.length)
      broken({ expected: `${what}: ${wanted.length} numbers of ${name}`, seen: String(got.length), mend });
    const allowed = tolerance * Math.max(largest(wanted), FLOOR * most);
    for (let i = 0; i < wanted.length; i++) {
      const fits = tolerance === 0 ? Object.is(got[i], wanted[i]) : Math.abs(got[i]! - wanted[i]!) <= allowed;
      if (!fits) broken({ expected: `${what}: ${name}[${i}] = ${wanted[i]}`, seen: String(got[i]), mend });
    }
  }
}

/** Whether all numbers are the same, bit for bit. */
export const areSame = (a: Numbers, b: Numbers): boolean =>
  Object.keys(a).every((name) => Array.from(a[name]!).every((value, i) => Object.is(value, b[name]?.[i])));

/** Throws when one of the numbers is NaN or infinite. */
export function expectFinite(numbers: Numbers, mend: string): void {
  for (const [name, values] of Object.entries(numbers)) {
    const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
    if (at >= 0) broken({ expected: `finite numbers in ${name}`, seen: `${values[at]} at ${at}`, mend });
  }
}

/**
 * Throws unless numbers are nested alike, in lists and records, and equal to so many digits: |got − wanted| < 10^−digits / 2,
 * as `toBeCloseTo` has it.
 *
 * @throws ConformanceError with the place of the first number that differs
 * @example expectClose(bank.run([[[5]]]), [[[12]]], 4);
 */
export function expectClose(got: unknown, wanted: unknown, digits = 5): void {
  const [seen, expected] = [numbersIn(got), numbersIn(wanted)];
  const mend = 'Compare the two at that place.';
  const at = expected.findIndex(([place], i) => seen[i]?.[0] !== place);
  if (at >= 0)
    broken({ expected: `a number at ${expected[at]![0]}`, seen: seen[at] ? `one at ${seen[at][0]}` : 'none', mend });
  if (seen.length > expected.length)
    broken({ expected: `${expected.length} numbers`, seen: String(seen.length), mend });
  expected.forEach(([place, number], i) => {
    const value = seen[i]![1];
    if (value === number || Math.abs(value - number) < 10 ** -digits / 2) return;
    broken({ expected: `${number} at ${place}, to ${digits} digits`, seen: String(value), mend });
  });
}

/** All numbers with their places: `a[0][2]`. */
function numbersIn(value: unknown, place = ''): (readonly [place: string, value: number])[] {
  if (typeof value === 'number') return [[place || 'the top', value]];
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (each, i) => numbersIn(each, `${place}[${i}]`)).flat();
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, place ? `${place}.${name}` : name));
}
