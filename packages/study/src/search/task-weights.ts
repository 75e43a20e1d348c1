import { counterRandom } from '@polytask/metrics';

/** By task; their mean is 1. */
export type TaskWeights = Readonly<Record<string, number>>;

/** The largest of the numbers that weights are drawn from, and one over the smallest. */
const FURTHEST = 5;
/** Draws for each task beyond the first: only ratios of weights matter to Adam. */
const DRAWS = 4;

/**
 * The weights that are tried for a plain sum: equal ones, and four draws for each task beyond the first. A draw has a number
 * between a fifth and five for each task, evenly on a logarithmic scale, and is scaled to a mean of 1. The same tasks always
 * get the same ones.
 *
 * @example weightsToTry(['click', 'like']); // [{ click: 1, like: 1 }, …]: five
 */
export function weightsToTry(tasks: readonly string[]): TaskWeights[] {
  const draws = Array.from({ length: DRAWS * (tasks.length - 1) }, (_, i) => drawn(tasks, counterRandom(0, i)));
  return [Object.fromEntries(tasks.map((task) => [task, 1])), ...draws];
}

function drawn(tasks: readonly string[], random: () => number): TaskWeights {
  const numbers = tasks.map(() => FURTHEST ** (2 * random() - 1));
  const mean = numbers.reduce((a, b) => a + b) / numbers.length;
  return Object.fromEntries(tasks.map((task, t) => [task, Number((numbers[t]! / mean).toPrecision(3))]));
}
