import type { Warning } from './warning.ts';

/** Predictions that differ by less are the same: a probability is a number of 24 bits. */
const SAME = 1e-6;

/**
 * Looks for predictions that say nothing of the rows: those of a task that are all the same, and those of two tasks that
 * are the same row by row (a task that reads another's labels, or another's head).
 *
 * @param predictions by task; those of two tasks are compared where they are equally many
 * @returns a warning for each task, and for each pair of tasks
 */
export function predictionGuards(predictions: Readonly<Record<string, ArrayLike<number>>>): Warning[] {
  const tasks = Object.entries(predictions).filter(([, values]) => values.length > 1);
  const varied = tasks.filter(([, values]) => !isConstant(values));
  return [
    ...tasks
      .filter(([, values]) => isConstant(values))
      .map(([task, values]): Warning => ({
        guard: 'constant predictions',
        task,
        message: `Task ${task} is predicted to be ${values[0]!.toPrecision(3)} for every test row.`,
      })),
    ...varied.flatMap(([task, values], i) =>
      varied
        .slice(i + 1)
        .filter(([, others]) => areEqual(values, others))
        .map(([other]): Warning => ({
          guard: 'equal predictions',
          message: `Tasks ${task} and ${other} have the same prediction for every test row.`,
        })),
    ),
  ];
}

function isConstant(values: ArrayLike<number>): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  return most - least <= SAME * Math.max(1, Math.abs(most));
}

function areEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > SAME * Math.max(1, Math.abs(a[i]!))) return false;
  return true;
}
