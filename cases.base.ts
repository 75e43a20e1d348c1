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

/**
 * Deals cases out over several engines: in `npm test` each engine gets every n-th case. All of them in `npm run test:all`.
 *
 * @param engine the index of the engine
 */
export const byTurns = <T>(cases: readonly T[], engine: number, engines = 2): readonly T[] =>
  ALL ? cases : cases.filter((_, i) => i % engines === engine);

/** The number of repetitions, such as random cases of a property or epochs of a long run: a quarter of them in `npm test`. */
export const repetitions = (count: number): number => (ALL ? count : Math.ceil(count / 4));

/** Every how many places of many are tried. @param full in `npm run test:all` @param wide in `npm test` */
export const strideOf = (full: number, wide: number): number => (ALL ? full : wide);

interface Runner {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/** The slow promises of components, which `npm test` deals out over the rows of a conformance test. */
const HANDS: readonly (readonly string[])[] = [
  ['it learns', 'compiled it predicts the same', 'all chance comes from the seed, however often it ran before'],
  ['gradients agree with finite differences', 'saved and loaded it gives the same numbers'],
  ['its numbers are finite, for any batch, and for one, two and three tasks', 'labels change no outputs'],
  ['predictions stay the same: CSV, fit, save, load', 'a weight of 2 is a row twice, and one of 0 none'],
  ['a fit is finite, and the same on both engines', 'tasks are treated by name, whatever their order'],
  ['what a unit does not see has weight 0 and no gradient', 'a table with sparse updates trains as it says'],
  ['a killed fit goes on bit for bit'],
];

/** Promises that `npm run test:all` alone runs. */
const LONG = 'a new process trains and predicts the same';

/** All names of promises above. */
export const DEALT: readonly string[] = [...HANDS.flat(), LONG];

/**
 * A runner for one row of a conformance test. `npm test` runs one hand of the slow promises for every other row, by turns, and
 * all other promises. `npm run test:all` runs every promise.
 *
 * @param row the index of the row
 */
export const dealt = (runner: Runner, row: number): Runner => ({
  describe: (name, define) => runner.describe(name, define),
  it(name, run) {
    const others = HANDS.filter((_, hand) => 2 * hand !== row % (2 * HANDS.length));
    if (ALL || ![...others.flat(), LONG].includes(name)) runner.it(name, run);
  },
});
