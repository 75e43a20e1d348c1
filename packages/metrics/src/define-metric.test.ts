import { describe, expect, it } from 'vitest';
import { ownMetrics } from './testing/oracles.ts';
import { allMetrics, defineMetric, findMetric } from './metrics.ts';

const before = ownMetrics(); // test files share a process

const withinTen = defineMetric({
  ...{ name: 'withinTen', direction: 'higher', task: 'regression', sums: 2 },
  description: 'the share of predictions that are off by at most ten',
  add(sums, { count, labels, predictions, weights }) {
    for (let i = 0; i < count; i++) {
      sums[0]! += Math.abs(predictions[i]! - labels[i]!) <= 10 ? weights[i]! : 0;
      sums[1]! += weights[i]!;
    }
  },
  compute: ([hits, weight]) => hits! / weight!,
});

const median = defineMetric({
  ...{ name: 'medianError', direction: 'lower', task: 'regression' },
  compute({ count, labels, predictions }) {
    const errors = Float64Array.from(labels, (label, i) => Math.abs(predictions[i]! - label)).sort();
    return count === 0 ? NaN : errors[count >> 1]!;
  },
});

describe("a metric of one's own", () => {
  it('has what the package has: weights, masks, merging, snapshots, checks', () => {
    const state = withinTen.create().update([40, 52, NaN], [45, 80, 1], { weights: [1, 3, 1], mask: [1, 1, 0] });
    expect(state.compute()).toBe(0.25);
    expect(
      withinTen
        .restore(JSON.parse(JSON.stringify(state)))
        .merge(state)
        .compute(),
    ).toBe(0.25);
    expect(withinTen.create().compute()).toBeNaN();
    expect(() => withinTen.create().update([1], [NaN])).toThrow('withinTen: got predictions[0] = NaN');
    expect(median.create().update([1, 2], [1, 5]).update([9], [10]).compute()).toBe(1);
  });

  it('is found by its name', () => {
    expect(findMetric('withinTen')).toBe(withinTen);
    expect(allMetrics()).toEqual(expect.arrayContaining([withinTen, median]));
    expect(() => findMetric('withinTwenty')).toThrow(
      /one of .*auc, .*, withinTen, medianError, or .*ndcg@…, .*pinball@…/,
    );
  });

  it.each([
    ['ndcg@3', 'which is taken'],
    ['loss', 'which is taken'],
    ['', 'the name ""'],
  ])('refuses the name %j', (name, message) => {
    const rest = { direction: 'lower', task: 'binary', compute: () => 0 } as const;
    expect(() => defineMetric({ name, ...rest })).toThrow(message);
  });

  it.each(before.map(({ name }) => name))("doesn't take the name of the package's own %s", (name) => {
    const rest = { direction: 'lower', task: 'ranking', grouped: true, compute: () => 1 } as const;
    expect(() => defineMetric({ ...rest, name })).toThrow(
      name.includes('@') ? 'taken' : `"${name}", which is taken by @polytask/metrics`,
    );
    const own = defineMetric({ ...rest, name: `own ${name}` });
    expect(own.grouped).toBe(true);
    expect(before).toContain(findMetric(name));
  });

  it('a definition that is loaded again replaces itself', async () => {
    for (let load = 0; load < 2; load++) {
      const again = defineMetric({ name: 'again', direction: 'lower', task: 'binary', compute: () => 1 });
      expect(findMetric('again')).toBe(again);
      await Promise.resolve();
    }
  });

  it('says what a task may be', () => {
    const task = 'numbers' as 'regression';
    expect(() => defineMetric({ name: 'odd', direction: 'lower', task, compute: () => 0 })).toThrow(
      'got the task "numbers"; expected one of binary, multiclass, multi-label, regression, survival, ranking',
    );
  });

  it.each(['up', undefined])('refuses the direction %s', (direction) => {
    const of = { name: 'undirected', task: 'binary', compute: () => 0 } as const;
    expect(() => defineMetric({ ...of, direction: direction as 'lower' })).toThrow(
      'expected one of higher, lower, one',
    );
  });
});
