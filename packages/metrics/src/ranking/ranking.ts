import { rankedAuc } from '../binary/areas.ts';
import { requireChoice, requireOptions, requireCount } from '../metric-error.ts';
import type { GroupArray, NumericArray, RowOptions, Metric } from '../metric.ts';
import { argsort, sortByKey, forEachGroup } from '../order.ts';
import { measuringGroups, family } from '../state/measure.ts';
import { noBatches, rowMetric, storedRows, type StoredRows, withRows } from '../state/row-metric.ts';
import { readRows } from '../input/rows.ts';
import { sum } from '@polytask/components';

export interface NdcgOptions {
  /** The gain of a row. `exponential` (default): 2^label − 1, for grades. `linear`: the label, such as watch time. */
  readonly gain?: 'exponential' | 'linear' | undefined;
}

/** Σ gain / log2(1 + place) over the first k places of rows that ascend by `key`. Equal keys have the mean of their gains. */
const discountedGain = (
  key: Float64Array,
  gains: Float64Array,
  order: Uint32Array,
  { start, end, k }: { start: number; end: number; k: number },
): number => {
  const last = Math.max(start, end - k);
  let total = 0;
  for (let i = end - 1; i >= last;) {
    const value = key[order[i]!]!;
    const first = i;
    let gain = 0;
    let discount = 0;
    for (; i >= start && key[order[i]!] === value; i--) {
      gain += gains[order[i]!]!;
      if (i >= last) discount += 1 / Math.log2(1 + (end - i));
    }
    total += (gain / (first - i)) * discount;
  }
  return total;
};

const meanNdcg = (rows: StoredRows, k: number, gain: NdcgOptions['gain']): number => {
  const gains = gain === 'linear' ? rows.labels : rows.labels.map((label) => 2 ** label - 1);
  const ranked = sortByKey(rows.group, argsort(rows.predictions));
  const ideal = sortByKey(rows.group, argsort(gains));
  let [total, gained] = [0, 0];
  forEachGroup(rows.group, rows.groupCount, (start, end) => {
    const best = discountedGain(gains, gains, ideal, { start, end, k });
    if (best === 0) return; // no relevant row, so all orders are equal
    const weight = sum(ranked.subarray(start, end), (row) => rows.weights[row]!) / (end - start);
    total += weight;
    gained += weight * Math.min(1, discountedGain(rows.predictions, gains, ranked, { start, end, k }) / best);
  });
  return gained / total;
};

/**
 * The streaming form of {@link ndcg}, named `ndcg@k`. `update` needs `{ groups }`, the query of each row. It
 * keeps all rows.
 *
 * @example
 * ndcgAt(2).create().update([0, 3, 1], [0.9, 0.8, 0.1], { groups: [1, 1, 1] }).compute(); // 0.578764
 */
export const ndcgAt = /* @__PURE__ */ family(
  'ndcg',
  (k: number, options: NdcgOptions = {}): Metric<`ndcg@${number}`> => {
    requireOptions('ndcgAt', options, ['gain']);
    const { gain = 'exponential' } = options;
    requireCount('ndcg', 'k', k);
    requireChoice('ndcg', 'gain', gain, ['exponential', 'linear']);
    return rowMetric({
      name: `ndcg@${k}`,
      description: 'discounted gain of the first k rows of a group, over the best possible',
      paper: 'Järvelin & Kekäläinen 2002',
      measured: 'named',
      direction: 'higher',
      task: 'ranking',
      config: { k, gain },
      rules: { label: gain === 'exponential' ? 'grade' : 'gain', grouped: true },
      compute: (rows) => meanNdcg(rows, k, gain),
    });
  },
  (of, text) => (/^[1-9]\d*$/.test(text) ? of(Number(text)) : undefined),
);

/**
 * The normalized discounted cumulative gain of the first k places: DCG / the DCG of the best order, averaged over queries, with
 * DCG = Σ_place gain / log2(1 + place). Tied scores share their places, so the order of the rows doesn't matter. Queries
 * without a relevant row are skipped.
 *
 * Papers: Järvelin & Kekäläinen 2002, "Cumulated gain-based evaluation"; Burges et al. 2005 (gain 2^grade − 1);
 * McSherry & Najork 2008, "Computing information retrieval performance measures efficiently in the presence of tied
 * scores".
 *
 * @param labels [rows] grades 0 … 1000, or gains >= 0 with `gain: 'linear'`
 * @param scores [rows] any finite numbers
 * @param groups [rows] the query of each row: numbers or strings
 * @param options `k` (default 10), `gain`, `mask`, and `weights` [rows]. The weight of a query is the mean over its rows
 * @returns in [0, 1]. NaN if no query has a relevant row
 * @throws MetricError on different lengths, labels out of range, scores that aren't finite, k < 1
 * @example
 * ndcg([10, 0, 0, 1, 5], [0.1, 0.2, 0.3, 4, 70], [1, 1, 1, 1, 1], { gain: 'linear' }); // 0.695694
 */
export const ndcg = /* @__PURE__ */ measuringGroups(
  'ndcg',
  ({ k = 10, gain }: NdcgOptions & { readonly k?: number | undefined }) => ndcgAt(k, { gain }),
);

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
  const order = sortByKey(rows.group, argsort(rows.predictions));
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

const requireWeighting = (weighting: unknown): void =>
  requireChoice('groupedAuc', 'weighting', weighting, ['impressions', 'positives', 'uniform']);

const RULES = { label: 'binary', prediction: 'score', grouped: true } as const;

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
  requireWeighting(weighting);
  const rows = readRows({ where: 'gauc', ...RULES }, labels, scores, { ...ofRows, groups });
  return summarize(storedRows(withRows(noBatches(), rows)), weighting);
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
export const groupedAuc = /* @__PURE__ */ measuringGroups(
  'groupedAuc',
  ({ weighting = 'impressions' }: GroupedAucOptions) => {
    requireWeighting(weighting);
    return rowMetric({
      name: 'gauc',
      label: 'GAUC',
      also: ['groupedAuc'],
      description: 'the mean of the AUCs within groups, such as users',
      paper: 'Zhu et al. 2017',
      direction: 'higher',
      task: 'binary',
      config: { weighting },
      rules: RULES,
      compute: (rows) => summarize(rows, weighting).value,
    });
  },
);
