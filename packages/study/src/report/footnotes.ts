import { counted, joined } from '../format.ts';
import { pairing } from '../results/folds.ts';
import { metricFormat } from '../summary/metric-entries.ts';
import { aheadOf } from '../summary/sensitivity.ts';
import type { Summary } from '../summary/summary.ts';
import { CONSTANT, normalizedLossOf } from './result-table.ts';

/** How intervals of a single seed are made. */
export const ROW_INTERVALS =
  'In brackets: the 95% interval over samples of test rows (AUC by DeLong, accuracy by Wilson, RMSE by t, others by the jackknife)';

/** The lines below the table that explain its numbers and signs. */
export function footnotes(summary: Summary): string[] {
  const { baseline, models, seeds, winners, columns, config } = summary;
  const { noun, test, tests, corrected } = pairing(config);
  const hasBaseline = models.some(({ model }) => model === baseline);
  const hasGains = models.some(({ gains }) => Object.keys(gains).length > 0);
  const isCompared = Object.keys(summary.comparisons).length > 0;
  return [
    ...(seeds.length > 1
      ? [`Mean over ${seeds.length} ${noun}s ± half its 95% t interval${corrected}.`]
      : oneSeed(models.some(({ rowIntervals }) => Object.keys(rowIntervals).length > 0))),
    hasGains
      ? `gain: the relative improvement over ${baseline}, ${noun} by ${noun}, mean over tasks; better is positive.`
      : `No gain: ${hasBaseline ? `there is nothing beside ${baseline}` : `it is measured against ${baseline}, which was not run`}.`,
    ...constantNotes(summary),
    ...(seeds.length > 1 && models.length > 1
      ? [
          winners.length === 0
            ? `No column has a winner: no model is better than each other one beyond chance (${tests} over ${noun}s, 5%).`
            : `*: better than each other row in a ${test} over ${noun}s (5%).` +
              (winners.length < columns.length ? ' A column without it has no winner.' : ''),
        ]
      : []),
    ...(seeds.length > 1 && isCompared ? verdicts(summary) : []),
    ...(isCompared && aheadOf(summary).size > 0
      ? [
          'configurations ahead: in how many of those that a search tried, for both and in full, ' +
            `the model is better than ${baseline} on the validation rows of ${noun === 'seed' ? 'one seed' : 'the folds, by the mean'}.`,
        ]
      : []),
    'seconds: training and test, one trial.',
  ];
}

/** The explanation of the normalized loss, of the row of a constant, and of what gains leave out because of it. */
export function constantNotes(summary: Summary): string[] {
  const { constants, leftOut, baseline, columns } = summary;
  const tasks = [...new Set(columns.map(({ task }) => task))];
  return [
    ...(tasks.some((task) => normalizedLossOf(summary, task))
      ? ['normalized loss: that of the model over that of a constant; 0 is perfect, NE is that of a yes-or-no task.']
      : []),
    ...(Object.keys(constants).length > 0
      ? [`${CONSTANT}: the base rate, the class shares or the mean of the test labels, for every row.`]
      : []),
    ...(leftOut.length > 0
      ? [
          `No gain counts ${joined(leftOut.map(({ task, metric }) => `${task} in ${metricFormat(metric).label}`))}: ` +
            `${baseline} is no better than a constant there.`,
        ]
      : []),
  ];
}

const oneSeed = (rows: boolean): string[] => [
  `One seed: no verdict${rows ? '' : ', and no interval'}. Pass more --seeds.`,
  ...(rows ? [`${ROW_INTERVALS}, not over seeds.`] : []),
];

/** The explanation of the signs in the table of differences. */
function verdicts({ comparisons, baseline, config }: Summary): string[] {
  const { noun, tests: kind } = pairing(config);
  const tests = Object.values(comparisons).map(({ family }) => family);
  const distances = Object.entries(comparisons)
    .filter(([, { ranks }]) => !Number.isNaN(ranks.criticalDifference))
    .map(([metric, { ranks }]) => `${metricFormat(metric).label} ${ranks.criticalDifference.toFixed(2)}`);
  return [
    `▲ better, ▼ worse than ${baseline}: ${kind} over ${noun}s, 5%, ` +
      `Holm's correction for ${counted(Math.max(...tests), 'comparison')}.`,
    'Without a sign no difference is shown, which is not the same as none.',
    ...(distances.length === 0
      ? []
      : [
          `rank: mean over tasks and ${noun}s, 1 the best; ranks nearer than ${distances.join(', ')} (Nemenyi) are not told apart.`,
        ]),
  ];
}
