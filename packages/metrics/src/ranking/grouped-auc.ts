import { rankedAuc } from '../binary/areas.ts';
import { requireChoice, requireOptions } from '../metric-error.ts';
import type { GroupArray, NumericArray, RowOptions } from '../metric.ts';
import { argsort, byGroup, forEachGroup } from '../order.ts';
import { measuringGroups } from '../state/measure.ts';
import { collectRows, rowMetric, type RowDefinition, type StoredRows } from '../state/row-metric.ts';

export interface GroupedAucOptions {
  /** The weight of a group: the weight of its rows (default), the weight of its positives, or 1. */
  readonly weighting?: 'impressions' | 'positives' | 'uniform' | undefined;
}

export interface GroupedAucSummary {
  /** The weighted mean of the groups' AUCs. NaN if no group has both classes. */
  readonly value: number;
  /** The number of groups with both classes. */
  readonly groups: number;
  /** The number of groups with one class, whose AUC isn't defined. */
  readonly skipped: number;
}

const summarize = (rows: StoredRows, weighting: GroupedAucOptions['weighting']): GroupedAucSummary => {
  const order = byGroup(rows.group, argsort(rows.predictions));
  let total = 0;
  let area = 0;
  let groups = 0;
  let skipped = 0;
  forEachGroup(rows.group, rows.groupCount, (start, end) => {
    const auc = rankedAuc(rows, order, start, end);
    if (Number.isNaN(auc)) {
      skipped++;
      return;
    }
    let share = weighting === 'uniform' ? 1 : 0;
    for (let i = start; i < end && weighting !== 'uniform'; i++) {
      const row = order[i]!;
      if (weighting === 'impressions' || rows.labels[row] === 1) share += rows.weights[row]!;
    }
    groups++;
    total += share;
    area += share * auc;
  });
  return { value: area / total, groups, skipped };
};

const define = ({ weighting = 'impressions' }: GroupedAucOptions): RowDefinition<'gauc'> => {
  requireChoice('groupedAuc', 'weighting', weighting, ['impressions', 'positives', 'uniform']);
  return {
    name: 'gauc',
    label: 'GAUC',
    also: ['groupedAuc'],
    description: 'the mean of the AUCs within groups, such as users',
    paper: 'Zhu et al. 2017',
    direction: 'higher',
    task: 'binary',
    config: { weighting },
    rules: { prediction: 'score', grouped: true },
    compute: (rows) => summarize(rows, weighting).value,
  };
};

/**
 * {@link groupedAuc} with the numbers of groups that count and that are skipped.
 *
 * @example
 * groupedAucSummary([0, 1, 1], [0.2, 0.7, 0.9], ['a', 'a', 'b']); // { value: 1, groups: 1, skipped: 1 }
 */
export const groupedAucSummary = (
  labels: NumericArray,
  scores: NumericArray,
  groups: GroupArray,
  options: RowOptions & GroupedAucOptions = {},
): GroupedAucSummary => {
  requireOptions('groupedAucSummary', options, ['weights', 'mask', 'weighting']);
  const { weighting = 'impressions', ...ofRows } = options;
  return summarize(collectRows(define({ weighting }), labels, scores, { ...ofRows, groups }), weighting);
};

/**
 * The grouped AUC (GAUC): the mean of the AUCs within groups, such as users. Differences between groups don't count. Groups with
 * one class are skipped, and {@link groupedAucSummary} counts them.
 *
 * Papers: Zhu et al. 2017, "Optimized cost per click in Taobao display advertising" (groups weighted by impressions or
 * clicks); Zhou et al. 2018, "Deep interest network" (by impressions).
 *
 * @param labels [rows] of 0 or 1
 * @param scores [rows] any finite numbers
 * @param groups [rows] ids: numbers or strings
 * @param options `{ weights, mask, weighting }`
 * @returns in [0, 1]. NaN if no group has both classes
 * @throws MetricError on different lengths, labels other than 0 and 1, scores that aren't finite
 * @example
 * groupedAuc([0, 1, 0, 1, 1], [0.2, 0.7, 0.9, 0.8, 0.95], [7, 7, 8, 8, 8]); // 0.7
 * groupedAuc([0, 1, 0, 1, 1], [0.2, 0.7, 0.9, 0.8, 0.95], [7, 7, 8, 8, 8], { weighting: 'uniform' }); // 0.75
 */
export const groupedAuc = /* @__PURE__ */ measuringGroups('groupedAuc', (config: GroupedAucOptions) =>
  rowMetric(define(config)),
);
