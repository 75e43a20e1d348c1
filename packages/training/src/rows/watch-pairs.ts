import { type Labels, labelsOf, fail, type Batch } from '@polytask/core';

/** After this many batches without a pair, the groups are wrong. */
const PATIENCE = 100;

/**
 * Whether two rows of a group have different labels of a task.
 *
 * @example hasPair({ size: 2, tasks: ['click'], labels: [1, 0], weights: [1, 1], groups: [3, 3] }, 'click') // true
 */
export function hasPair(batch: Labels & Pick<Batch, 'groups'>, task: string): boolean {
  const first = new Map<number, number>();
  const { labels, weights } = labelsOf(batch, task);
  return labels.some((label, row) => {
    const group = batch.groups![row]!;
    if (group < 0 || weights[row] === 0) return false;
    const other = first.get(group);
    if (other === undefined) first.set(group, label);
    return other !== undefined && other !== label;
  });
}

/**
 * Passes batches on, and counts those in which a task has rows to compare.
 *
 * @param tasks the tasks whose loss compares the rows of a group
 * @param isWhole whether the batches are those of a whole epoch
 * @param notice prints a warning
 * @throws PolytaskError when the first hundred batches, or those of a whole epoch, have no pair for a task
 */
export async function* watchPairs(
  batches: AsyncIterable<Batch>,
  tasks: readonly string[],
  isWhole: boolean,
  notice: (text: string) => void,
): AsyncGenerator<Batch, void, undefined> {
  const pairs = tasks.map(() => 0);
  let count = 0;
  const check = () => {
    const task = tasks.find((_, t) => pairs[t] === 0);
    if (task !== undefined) noPair(task, count);
  };
  for await (const batch of batches) {
    tasks.forEach((task, t) => (pairs[t]! += Number(hasPair(batch, task))));
    if (++count === PATIENCE) check();
    yield batch;
  }
  if (count === 0 || !isWhole) return;
  check();
  tasks.forEach((task, t) => {
    if (2 * pairs[t]! >= count) return;
    const share = `${count - pairs[t]!} of ${count} batches have no group with two labels of task "${task}"`;
    notice(`${share}: they don't train its order. Pass a larger batchSize, or look at the column of the groups.`);
  });
}

const noPair = (task: string, batches: number): never =>
  fail({
    expected: `two rows of one group with different labels of task "${task}" in some batch, as its loss compares them`,
    received: `${batches} batches without`,
    fix: 'Look at the column of the groups, and sort a stream by it: rows of a group have to be near each other.',
  });
