import type { TrialResult } from '../results/trial-result.ts';
import { type Table, textTable } from './table.ts';

/** The explanation of the tables' columns. */
export const BALANCING =
  'Means over the steps of an epoch. ' +
  "cosine: over pairs of tasks' gradients; conflicts: the share of pairs in which it is negative.";

/**
 * The work of a balancer in a trial, with a row for each epoch: the mean weights of the tasks, and the measured relation of their
 * gradients.
 *
 * @returns undefined for a trial without a balancer
 */
export function balancingTable({ balancing = [] }: TrialResult): Table | undefined {
  if (balancing.length === 0) return undefined;
  const tasks = Object.keys(balancing[0]!.weights ?? {});
  const measured = balancing.some(({ gradients }) => gradients);
  return textTable(
    [
      'epoch',
      ...tasks.map((task) => `weight of ${task}`),
      ...(measured ? ['cosine', 'longest / shortest', 'conflicts'] : []),
    ],
    balancing.map(({ weights = {}, gradients }, i) => [
      String(i + 1),
      ...tasks.map((task) => weights[task]!.toPrecision(3)),
      ...(measured
        ? [
            format(gradients?.cosine, 3),
            format(gradients?.magnitudeRatio, 2),
            format(gradients && 100 * gradients.conflicts, 0, '%'),
          ]
        : []),
    ]),
  );
}

const format = (value: number | undefined, digits: number, unit = ''): string =>
  value === undefined || Number.isNaN(value) ? '–' : `${value.toFixed(digits)}${unit}`;
