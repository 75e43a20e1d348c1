import type { Summary } from '../summary/summary.ts';

/** What a reader has to know to read the table, a line each. */
export function footnotes(summary: Summary): string[] {
  const { baseline, models, seeds, winners, columns } = summary;
  const present = models.some(({ model }) => model === baseline);
  const gained = models.some(({ gains }) => Object.keys(gains).length > 0);
  return [
    seeds.length > 1
      ? `Mean over ${seeds.length} seeds ± half its 95% t interval.`
      : 'One seed: no interval, and no verdict. Pass more --seeds.',
    gained
      ? `gain: the relative improvement over ${baseline}, seed by seed, mean over tasks; better is positive.`
      : `No gain: ${present ? `there is nothing beside ${baseline}` : `it is measured against ${baseline}, which was not run`}.`,
    ...(seeds.length > 1 && models.length > 1
      ? [
          winners.length === 0
            ? 'No column has a winner: no model is better than each other one beyond chance (paired t tests over seeds, 5%).'
            : `*: better than each other row in a paired t test over seeds (5%).${winners.length < columns.length ? ' A column without it has no winner.' : ''}`,
        ]
      : []),
    'seconds: training and test, one trial.',
  ];
}
