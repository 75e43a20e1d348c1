/** Whether all cases of the large matrices run: in `npm run test:all`. `npm test` takes some of each. */
const ALL = process.env.TEST_CASES === 'all';

/**
 * Some cases of a matrix, evenly spaced, the first and the last among them; all of them in `npm run test:all`.
 *
 * @param count how many cases `npm test` runs
 */
export const some = <T>(cases: readonly T[], count: number): readonly T[] =>
  ALL || cases.length <= count
    ? cases
    : Array.from({ length: count }, (_, i) => cases[Math.round((i * (cases.length - 1)) / Math.max(1, count - 1))]!);

/** The number of random cases of a property: a quarter of them in `npm test`. */
export const randomCases = (count: number): number => (ALL ? count : Math.ceil(count / 4));
