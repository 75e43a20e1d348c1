import type { Trial } from '../trials/trial.ts';
import { markdownTable } from './markdown-table.ts';

/**
 * What a balancer did in a trial, in Markdown, a row an epoch: the mean weights of the tasks, and how their gradients
 * stood to each other. Empty without one.
 */
export function balancingTable({ model, balancing = [] }: Trial): string {
  if (balancing.length === 0) return '';
  const tasks = Object.keys(balancing[0]!.weights ?? {});
  const measured = balancing.some(({ gradients }) => gradients);
  const head = ['epoch', ...tasks.map((task) => `weight of ${task}`), ...(measured ? ['cosine', 'longest / shortest', 'conflicts'] : [])];
  const rows = balancing.map(({ weights = {}, gradients }, i) => [
    String(i + 1),
    ...tasks.map((task) => weights[task]!.toPrecision(3)),
    ...(measured ? [shown(gradients?.cosine, 3), shown(gradients?.magnitudeRatio, 2), shown(gradients && 100 * gradients.conflicts, 0, '%')] : []),
  ]);
  return [`### ${model}`, markdownTable(head, rows)].join('\n\n');
}

const shown = (value: number | undefined, digits: number, unit = ''): string =>
  value === undefined || Number.isNaN(value) ? '–' : `${value.toFixed(digits)}${unit}`;
