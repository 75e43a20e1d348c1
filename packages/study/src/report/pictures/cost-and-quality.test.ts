import { expect, test } from 'vitest';
import { summarize } from '../../summary/summarize.ts';
import { trialOf } from '../../testing/trial-of.ts';
import type { TrialResult } from '../../results/trial-result.ts';
import { costAndQuality } from './cost-and-quality.ts';
import { svgText } from './chart.ts';

/** What the picture of some models says: its caption, its axis, and the quality of each. */
function drawn(trials: readonly TrialResult[]) {
  const [picture] = costAndQuality(summarize(trials));
  const text = picture ? svgText(picture) : '';
  return {
    caption: picture?.caption,
    title: /mean [^<]* of \d tasks/.exec(text)?.[0],
    qualities: [...new Set([...text.matchAll(/<title>[^:]+: (\d\.\d{4}), /g)].map(([, value]) => Number(value)))],
  };
}

test('binary tasks alone: the mean AUC', () => {
  const metrics = { click: { auc: 0.8, ne: 0.5 }, like: { auc: 0.6, ne: 0.5 } };
  const { title, qualities, caption } = drawn([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]);
  expect(title).toBe('mean AUC of 2 tasks');
  expect(qualities).toEqual([0.7]);
  expect(caption).toContain('Mean AUC over tasks against what models cost (higher is better)');
});

test("tasks of several kinds: the mean normalized loss over all of them, whatever the labels' units", () => {
  const inUnits = (unit: number) => [
    trialOf({
      metrics: { click: { auc: 0.8 }, pay: { rmse: 3 * unit } },
      normalizedLosses: { click: 0.5, pay: 0.7 },
    }),
    trialOf({
      model: 'ple',
      metrics: { click: { auc: 0.7 }, pay: { rmse: 4 * unit } },
      normalizedLosses: { click: 0.6, pay: 0.9 },
    }),
  ];
  const dollars = drawn(inUnits(1000));
  expect(dollars.qualities).toEqual([0.6, 0.75]);
  expect(dollars).toEqual(drawn(inUnits(1)));
  expect(dollars.title).toBe('mean normalized loss of 2 tasks');
  expect(dollars.caption).toContain('NE, RMSE over the deviation');
  expect(dollars.caption).toContain('(lower is better)');
});

test('trials without normalized losses have no picture where a task is not binary', () => {
  const metrics = { click: { auc: 0.8 }, pay: { rmse: 3 } };
  expect(costAndQuality(summarize([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]))).toEqual([]);
});
