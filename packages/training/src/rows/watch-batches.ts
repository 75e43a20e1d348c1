import { labelsOf, type Batch, type Labels, fail } from '@polytask/core';

/** With fewer batches, their means say little. */
const LEAST_BATCHES = 20;
/** A larger share of the variance of labels between batches comes from an order of the rows: drift in time has about a hundredth. */
const MOST = 0.1;

/** Of labels. `between` is Σ over batches of (Σ labels)² / rows. */
const noSums = () => ({ rows: 0, labels: 0, squares: 0, batches: 0, between: 0 });
type Sums = ReturnType<typeof noSums>;

/** Warns if rows are in the order of a task's labels. The share of the variance between batches is ω², 0 at random (Hays, 1963). */
export async function* watchOrder(
  batches: AsyncIterable<Batch>,
  tasks: readonly string[],
  notice: (text: string) => void,
): AsyncGenerator<Batch, void, undefined> {
  const sums = tasks.map(noSums);
  for await (const batch of batches) {
    tasks.forEach((task, t) => add(sums[t]!, batch, task));
    yield batch;
  }
  const shares = sums.map((each) => (each.batches < LEAST_BATCHES ? 0 : shareBetween(each) || 0)); // NaN for one class
  const most = Math.max(...shares);
  if (most <= MOST) return;
  notice(
    `The stream is in the order of the labels of task ${tasks[shares.indexOf(most)]}: ${Math.round(100 * most)}% of their variance is ` +
      'between batches, after shuffling. The model forgets the first ones. Shuffle the rows, or pass a larger shuffleBuffer.',
  );
}

function add(sums: Sums, batch: Batch, task: string): void {
  const { labels, weights } = labelsOf(batch, task);
  let [rows, total] = [0, 0];
  labels.forEach((label, row) => {
    if (!(weights[row]! > 0)) return;
    rows++;
    total += label;
    sums.squares += label * label;
  });
  if (rows === 0) return;
  sums.rows += rows;
  sums.labels += total;
  sums.batches++;
  sums.between += (total * total) / rows;
}

/** ω² of the batches: (between − (batches − 1) · within) / (total + within), of sums of squares and the mean square within. */
export function shareBetween({ rows, labels, squares, batches, between }: Sums): number {
  const center = (labels * labels) / rows;
  const within = (squares - between) / (rows - batches);
  return (between - center - (batches - 1) * within) / (squares - center + within);
}

/** After this many batches without a pair, the groups are wrong. */
const PATIENCE = 100;

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

/** Counts batches in which a task has rows to compare. @throws PolytaskError when a hundred batches, or a whole epoch, have no pair for a task */
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
    if (task !== undefined)
      fail({
        expected: `two rows of one group with different labels of task "${task}" in some batch, as its loss compares them`,
        received: `${count} batches without`,
        fix: 'Look at the column of the groups, and sort a stream by it: rows of a group have to be near each other.',
      });
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
    const without = count - pairs[t]!;
    const share = `${without} of ${count} batches ${without === 1 ? 'has' : 'have'} no group with two labels of task "${task}"`;
    notice(`${share}: they don't train its order. Pass a larger batchSize, or look at the column of the groups.`);
  });
}
