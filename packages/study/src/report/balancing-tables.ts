import type { TrialResult } from '../trials/trial-result.ts';

/** A table of text. */
export interface BalancingTable {
  readonly head: readonly string[];
  /** A row an epoch. */
  readonly rows: readonly (readonly string[])[];
}

/** What a reader of such a table has to know. */
export const BALANCING =
  "Means over the steps of an epoch. cosine: over pairs of tasks' gradients; conflicts: the share of pairs in which it is negative.";

/**
 * What a balancer did in a trial, a row an epoch: the mean weights of the tasks, and how their gradients stood to each other.
 *
 * @returns undefined without one
 */
export function balancingTable({ balancing = [] }: TrialResult): BalancingTable | undefined {
  if (balancing.length === 0) return undefined;
  const tasks = Object.keys(balancing[0]!.weights ?? {});
  const measured = balancing.some(({ gradients }) => gradients);
  return {
    head: [
      'epoch',
      ...tasks.map((task) => `weight of ${task}`),
      ...(measured ? ['cosine', 'longest / shortest', 'conflicts'] : []),
    ],
    rows: balancing.map(({ weights = {}, gradients }, i) => [
      String(i + 1),
      ...tasks.map((task) => weights[task]!.toPrecision(3)),
      ...(measured
        ? [
            shown(gradients?.cosine, 3),
            shown(gradients?.magnitudeRatio, 2),
            shown(gradients && 100 * gradients.conflicts, 0, '%'),
          ]
        : []),
    ]),
  };
}

const shown = (value: number | undefined, digits: number, unit = ''): string =>
  value === undefined || Number.isNaN(value) ? '–' : `${value.toFixed(digits)}${unit}`;
