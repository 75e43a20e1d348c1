import { describe, expect, it } from 'vitest';
import { auc } from '../binary/areas.ts';
import { logLoss } from '../binary/losses.ts';
import { multiclassLogLoss } from '../multiclass/multiclass.ts';
import { multiLabelAuc } from '../multi-label/multi-label.ts';
import { groupedAuc } from '../ranking/ranking.ts';
import { mae } from '../regression/errors.ts';
import { pinballAt } from '../regression/quantiles.ts';
import { concordance } from '../survival/survival.ts';
import { counterRandom } from './counter-random.ts';
import { delongInterval } from './delong.ts';
import { studentTQuantile } from './distributions.ts';
import { jackknifeInterval } from './jackknife-interval.ts';
import { meanInterval } from './mean-interval.ts';

/** Labels, and scores that tell something of them. */
function drawn(rows: number, seed: number) {
  const random = counterRandom(seed);
  const labels = Float64Array.from({ length: rows }, () => Number(random() < 0.3));
  const scores = labels.map((label) => 0.2 + 0.4 * random() + 0.2 * label);
  return { labels, scores, random };
}

describe('jackknifeInterval', () => {
  it('is the t interval of a mean, if each row is a block', () => {
    const { labels, scores } = drawn(60, 1);
    const { mean, low, high } = meanInterval(labels.map((label, row) => Math.abs(label - scores[row]!)));
    const interval = jackknifeInterval(mae.metric(), labels, scores, { blocks: 60 });
    expect(interval.value).toBeCloseTo(mean, 12);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
    const wider = jackknifeInterval(mae.metric(), labels, scores, { blocks: 60, confidence: 0.99 });
    expect((wider.high - mean) / (high - mean)).toBeCloseTo(
      studentTQuantile(0.995, 59) / studentTQuantile(0.975, 59),
      8,
    );
  });

  it('of an AUC has nearly the variance of DeLong', { tags: ['long'] }, () => {
    const { labels, scores } = drawn(300, 2);
    const { auc: exact, variance } = delongInterval(labels, scores);
    const { value, standardError } = jackknifeInterval(auc.metric(), labels, scores, { blocks: 300 });
    expect(value).toBeCloseTo(exact, 12);
    expect(standardError / Math.sqrt(variance)).toBeCloseTo(1, 2);
  });

  it('covers the value of the population as often as it says, with 20 blocks', { tags: ['long'] }, () => {
    // that of many rows, which is off by less than .001
    const all = drawn(100_000, 3);
    const truth = auc.metric().create().update(all.labels, all.scores).compute();
    const draws = 200;
    let covered = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { labels, scores } = drawn(300, 100 + draw);
      const { low, high } = jackknifeInterval(auc.metric(), labels, scores);
      covered += Number(low <= truth && truth <= high);
    }
    // binomial: four deviations
    expect(Math.abs(covered / draws - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / draws));
  });

  it.each([
    [
      'several columns of a row',
      multiclassLogLoss.metric(),
      [0, 2, 1, 1],
      [0.5, 0.3, 0.2, 0.2, 0.2, 0.6, 0.1, 0.8, 0.1, 0.3, 0.4, 0.3],
    ],
    [
      'labels of a bit mask',
      multiLabelAuc.metric(),
      [0b01, 0b10, 0b11, 0b00, 0b01, 0b10],
      [0.9, 0.2, 0.3, 0.6, 0.4, 0.7, 0.5, 0.3, 0.2, 0.4, 0.6, 0.5],
    ],
    ['quantiles', pinballAt([0.1, 0.9]), [1, 5, 3, 2], [0, 2, 1, 4, 3, 9, 2, 2]],
    ['times', concordance.metric(), [5, -9, 7, 2, 3], [0.3, 0.6, 0.4, 0.3, 0.5]],
  ])('reads %s as the metric does', (_, metric, labels, predictions) => {
    const { value, low, high, standardError } = jackknifeInterval(metric, labels, predictions);
    expect(value).toBe(metric.create().update(labels, predictions).compute());
    const width = predictions.length / labels.length;
    const without = labels.map((_, left) =>
      metric
        .create()
        .update(
          labels.filter((_, row) => row !== left),
          predictions.filter((_, i) => Math.floor(i / width) !== left),
        )
        .compute(),
    );
    const n = labels.length;
    const mean = without.reduce((a, b) => a + b) / n;
    const expected = Math.sqrt(((n - 1) / n) * without.reduce((sum, each) => sum + (each - mean) ** 2, 0));
    expect(standardError).toBeCloseTo(expected, 10);
    const half = studentTQuantile(0.975, n - 1) * expected;
    expect([low, high]).toEqual([
      expect.closeTo(Math.max(metric.range[0], value - half), 8) as number,
      expect.closeTo(Math.min(metric.range[1], value + half), 8) as number,
    ]);
  });

  it('counts rows by their weight, and leaves out whole groups', () => {
    const { labels, scores, random } = drawn(200, 4);
    const weights = labels.map(() => 0.5 + random());
    const weighted = jackknifeInterval(logLoss.metric(), labels, scores, { weights });
    expect(weighted.value).toBeCloseTo(logLoss.metric().create().update(labels, scores, { weights }).compute(), 12);
    expect(jackknifeInterval(logLoss.metric(), labels, scores, { weights: weights.map((each) => 3 * each) })).toEqual({
      ...weighted,
      value: expect.closeTo(weighted.value, 10) as number,
      low: expect.closeTo(weighted.low, 10) as number,
      high: expect.closeTo(weighted.high, 10) as number,
      standardError: expect.closeTo(weighted.standardError, 10) as number,
    });
    const groups = Array.from(labels, (_, row) => `user ${row % 8}`);
    const grouped = jackknifeInterval(groupedAuc.metric(), labels, scores, { groups });
    const without = Array.from({ length: 8 }, (_, user) => {
      const mask = Array.from(labels, (_, row) => row % 8 !== user);
      return groupedAuc.metric().create().update(labels, scores, { groups, mask }).compute();
    });
    const mean = without.reduce((a, b) => a + b) / 8;
    const squares = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    expect(grouped.standardError).toBeCloseTo(Math.sqrt((7 / 8) * squares), 10);
  });

  it.each([3, 8])('refuses %i groups for 6 labels', (count) => {
    const groups = Array.from({ length: count }, (_, i) => i);
    expect(() => jackknifeInterval(mae.metric(), [0, 0, 0, 0, 0, 0], [1, 2, 4, 1, 3, 2], { groups })).toThrow(
      `jackknifeInterval: got ${count} groups for 6 labels; expected one a row.`,
    );
  });

  it('has no bounds where a block decides, or none does', () => {
    const { low, high, value } = jackknifeInterval(auc.metric(), [0, 0, 1], [0.1, 0.6, 0.5]); // without the positive
    expect([value, low, high]).toEqual([0.5, NaN, NaN]);
    expect(jackknifeInterval(auc.metric(), [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).toEqual({
      ...{ value: 1, low: NaN, high: NaN, standardError: 0, degrees: 3 },
    });
    expect(jackknifeInterval(mae.metric(), [1], [2])).toMatchObject({ value: 1, low: NaN, high: NaN });
    expect(jackknifeInterval(mae.metric(), [], [])).toMatchObject({ value: NaN, low: NaN, high: NaN });
    expect(() => jackknifeInterval(mae.metric(), [1, 2], [1])).toThrow('mae');
    expect(() => jackknifeInterval(mae.metric(), [1], [1], { blocks: 0 })).toThrow('blocks');
    expect(() => jackknifeInterval(mae.metric(), [1], [1], { confidence: 1 })).toThrow('confidence');
  });
});
