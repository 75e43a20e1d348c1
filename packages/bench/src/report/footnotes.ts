import { metricRow } from '../summary/metric-rows.ts';
import type { Summary } from '../summary/summary.ts';

/** What a reader has to know to read the table, a line each. */
export function footnotes(summary: Summary): string[] {
  const { baseline, models, seeds, winners, columns } = summary;
  const gain = models.find((model) => model.gain)?.gain;
  const gainLabels = gain && [...new Set(Object.values(gain.metrics).map((name) => metricRow(name)?.label ?? name))];
  return [
    seeds.length > 1
      ? `Mean over ${seeds.length} seeds ± half its 95% t interval.`
      : 'One seed: no interval, and no verdict. Pass more --seeds.',
    ...(gainLabels
      ? [`gain: mean over tasks of the relative improvement in ${gainLabels.join(' and ')} over ${baseline}, seed by seed.`]
      : [`No gain: ${models.length === 1 && models[0]!.model === baseline ? 'there is nothing beside' : 'it is measured against'} ${baseline}${models.some(({ model }) => model === baseline) ? '' : ', which was not run'}.`]),
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
