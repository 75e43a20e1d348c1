import { broken } from '../cases/conformance-error.ts';

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
