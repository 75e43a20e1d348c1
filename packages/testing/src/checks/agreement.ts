import { broken } from '../cases/conformance-error.ts';

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
