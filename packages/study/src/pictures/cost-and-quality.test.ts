import { expect, test } from 'vitest';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import type { TrialResult } from '../trials/trial-result.ts';
import { costAndQuality } from './cost-and-quality.ts';

/** What the picture draws of two models, and what it says that it is. */
function drawn(trials: readonly TrialResult[]) {
  const [picture] = costAndQuality(summarize(trials));
  const { hconcat } = (picture?.spec ?? { hconcat: [] }) as unknown as {
    hconcat: { data: { values: { quality: number }[] }; encoding: { y: { axis: { title: string } } } }[];
  };
  return {
    caption: picture?.caption,
    title: hconcat[0]?.encoding.y.axis.title,
    qualities: hconcat[0]?.data.values.map(({ quality }) => quality),
  };
}

test('binary tasks alone: the mean AUC', () => {
  const metrics = { click: { auc: 0.8, ne: 0.5 }, like: { auc: 0.6, ne: 0.5 } };
  const { title, qualities, caption } = drawn([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]);
  expect(title).toBe('mean AUC of 2 tasks');
  expect(qualities).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0.7, 12)]);
  expect(caption).toContain('Mean AUC over tasks against what models cost (higher is better)');
});

test("tasks of several kinds: the mean relative error over all of them, whatever the labels' units", () => {
  const inUnits = (unit: number) => [
    trialOf({
      metrics: { click: { auc: 0.8 }, pay: { rmse: 3 * unit } },
      relativeErrors: { click: 0.5, pay: 0.7 },
    }),
    trialOf({
      model: 'ple',
      metrics: { click: { auc: 0.7 }, pay: { rmse: 4 * unit } },
      relativeErrors: { click: 0.6, pay: 0.9 },
    }),
  ];
  const dollars = drawn(inUnits(1000));
  expect(dollars.qualities).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.75, 12)]);
  expect(dollars).toEqual(drawn(inUnits(1)));
  expect(dollars.title).toBe('mean relative error of 2 tasks');
  expect(dollars.caption).toContain('NE, RMSE over the deviation');
  expect(dollars.caption).toContain('(lower is better)');
});

test('older trials without relative errors have no picture where a task is not binary', () => {
  const metrics = { click: { auc: 0.8 }, pay: { rmse: 3 } };
  expect(costAndQuality(summarize([trialOf({ metrics }), trialOf({ metrics, model: 'ple' })]))).toEqual([]);
});
