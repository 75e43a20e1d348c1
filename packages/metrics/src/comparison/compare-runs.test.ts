import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { repetitions } from '../../../../cases.base.ts';
import { multiTaskGainInterval } from '../multi-task/multi-task-gain.ts';
import { holm } from '../statistics/adjusted-p-values.ts';
import { bootstrapDifference } from '../statistics/bootstrap-interval.ts';
import { counterRandom } from '../statistics/counter-random.ts';
import { pairedDifference } from '../statistics/paired-tests.ts';
import { compareRuns } from './compare-runs.ts';
import type { SeedScores } from './read-runs.ts';

const single = { ctr: [0.71, 0.73, 0.72, 0.715], dwell: [2.1, 2.05, 2.2, 2.12] };
const adatt = { ctr: [0.74, 0.755, 0.75, 0.742], dwell: [2.2, 2.17, 2.29, 2.22] };
const mmoe = { ctr: [0.711, 0.728, 0.722, 0.717], dwell: [2.11, 2.02, 2.21, 2.1] };
const runs = { baseline: 'single', tasks: { ctr: 'higher', dwell: 'lower' }, scores: { single, adatt, mmoe } } as const;
const quick = { resamples: 200 };

describe('a comparison', () => {
  const result = compareRuns(runs, quick);

  test('is made of its parts: difference, bootstrap, Holm over all models and tasks, gain', () => {
    const differences = [adatt, mmoe].flatMap((model) => [
      pairedDifference(model.ctr, single.ctr),
      pairedDifference(model.dwell, single.dwell),
    ]);
    const adjusted = holm(differences.map(({ pValue }) => pValue));
    const cells = [result.models.adatt, result.models.mmoe].flatMap(({ tasks }) => [tasks.ctr, tasks.dwell]);
    expect(result.family).toBe(4);
    cells.forEach((cell, i) => {
      expect(cell.difference).toEqual(differences[i]);
      expect(cell.adjustedPValue).toBe(adjusted[i]);
      expect(cell.seeds).toEqual(['0', '1', '2', '3']);
    });
    expect(cells[0]!.bootstrap).toEqual(
      bootstrapDifference(adatt.ctr, single.ctr, { ...quick, random: counterRandom(0) }),
    );
    expect(result.models.adatt.gain).toEqual(multiTaskGainInterval(adatt, single, runs.tasks, quick));
  });

  test('sees the seesaw: adatt wins ctr and loses dwell, mmoe does neither', () => {
    expect(result.models.adatt).toMatchObject({ wins: 1, losses: 1, ties: 0, untested: 0, seesaw: true });
    expect(result.models.adatt.tasks.ctr.verdict).toBe('better');
    expect(result.models.adatt.tasks.dwell.verdict).toBe('worse');
    expect(result.models.mmoe).toMatchObject({ wins: 0, losses: 0, ties: 2, seesaw: false });
  });

  test('ranks all models, the baseline too, over tasks and seeds', () => {
    // ctr: adatt 1 everywhere, mmoe and single 2 and 3 in turn; dwell: adatt 3 everywhere.
    expect(result.ranks.blocks).toBe(8);
    expect(result.ranks.average).toEqual({
      single: (3 + 2 + 3 + 3 + 1 + 2 + 1 + 2) / 8,
      adatt: 2,
      mmoe: (2 + 3 + 2 + 2 + 2 + 1 + 2 + 1) / 8,
    });
    expect(result.ranks.criticalDifference).toBeCloseTo(2.3437005864 * Math.sqrt(12 / 48), 8);
  });

  test('keeps the names of models and tasks in its type', () => {
    expectTypeOf<keyof typeof result.models>().toEqualTypeOf<'single' | 'adatt' | 'mmoe'>();
    expectTypeOf<keyof typeof result.models.adatt.tasks>().toEqualTypeOf<'ctr' | 'dwell'>();
    expectTypeOf(result.models.single).toEqualTypeOf<typeof result.models.adatt | undefined>();
    // @ts-expect-error the baseline is one of the models
    expect(() => compareRuns({ ...runs, baseline: 'ple' })).toThrow(
      'compareRuns: got baseline = "ple" and the models [single, adatt, mmoe]',
    );
    expect(result.models.single).toBeUndefined();
  });
});

test('Holm can take a verdict back that one interval alone would give', () => {
  const seeds = [0.5, 0.51, 0.52, 0.53];
  const weak = seeds.map((value, i) => value + [0.002, 0.012, 0.012, 0.006][i]!); // p = .047 by itself
  const alone = compareRuns(
    { baseline: 'b', tasks: { t: 'higher' }, scores: { b: { t: seeds }, m: { t: weak } } },
    quick,
  );
  const family = compareRuns(
    { baseline: 'b', tasks: { t: 'higher' }, scores: { b: { t: seeds }, m: { t: weak }, n: { t: weak } } },
    quick,
  );
  expect(alone.models.m.tasks.t.verdict).toBe('better');
  expect(family.models.m.tasks.t.difference.low).toBeGreaterThan(0);
  expect(family.models.m.tasks.t.adjustedPValue).toBe(2 * alone.models.m.tasks.t.difference.pValue);
  expect(family.models.m.tasks.t.verdict).toBe('no difference');
});

describe('seeds', () => {
  const compare = (model: SeedScores, baseline: SeedScores) =>
    compareRuns({ baseline: 'b', tasks: { t: 'higher' }, scores: { b: { t: baseline }, m: { t: model } } }, quick);

  test('only shared ones are paired, whatever their order, and the others are named', () => {
    const cell = compare({ 10: 3, 2: 5, 7: 1 }, { 2: 4, 10: 1, 3: 9 }).models.m.tasks.t;
    expect(cell.seeds).toEqual(['2', '10']);
    expect(cell.unpaired).toEqual({ model: ['7'], baseline: ['3'] });
    expect(cell.difference).toEqual(pairedDifference([5, 3], [4, 1]));
  });

  test('none or one shared, or an undefined metric: untested, and not in the family', () => {
    const none = compare({ a: 1 }, { b: 1 });
    expect(none.models.m.tasks.t).toMatchObject({
      seeds: [],
      verdict: 'untested',
      difference: { n: 0, mean: NaN },
      adjustedPValue: NaN,
    });
    expect(none.models.m.gain).toBeUndefined();
    expect(none).toMatchObject({ family: 0, ranks: { blocks: 0, average: { b: NaN, m: NaN } } });
    expect(compare([2], [1]).models.m.tasks.t).toMatchObject({
      verdict: 'untested',
      difference: { mean: 1, low: NaN },
    });
    expect(compare([2, NaN, 3], [1, 1, 1]).models.m).toMatchObject({ untested: 1, ties: 0 });
    expect(compare({}, [1, 2]).models.m.tasks.t.unpaired).toEqual({ model: [], baseline: ['0', '1'] });
  });

  test('the gain takes those that both have in every task', () => {
    const scores = { b: { s: { 1: 1, 2: 1 }, t: { 2: 1, 3: 1 } }, m: { s: { 1: 3, 2: 1.2 }, t: { 2: 1.4, 3: 9 } } };
    const { gain } = compareRuns({ baseline: 'b', tasks: { s: 'higher', t: 'higher' }, scores }, quick).models.m;
    expect(gain!.seeds).toEqual([expect.closeTo(0.3, 14)]);
  });
});

test('a metric that should be 1 is compared by its distance to 1', () => {
  const scores = { b: { calibration: [1.2, 0.85, 1.1, 0.8] }, m: { calibration: [1.02, 0.99, 0.97, 1.01] } };
  const { tasks, gain } = compareRuns({ baseline: 'b', tasks: { calibration: 'one' }, scores }, quick).models.m;
  expect(tasks.calibration.difference.mean).toBeCloseTo((0.02 + 0.01 + 0.03 + 0.01 - 0.2 - 0.15 - 0.1 - 0.2) / 4, 14);
  expect(tasks.calibration.verdict).toBe('better');
  expect(gain!.mean.mean).toBeGreaterThan(0);
});

const value = fc.integer({ min: 100, max: 400 }).map((x) => x / 512);
const table = fc
  .integer({ min: 2, max: 7 })
  .chain((n) => fc.tuple(...[0, 1, 2, 3].map(() => fc.array(value, { minLength: n, maxLength: n }))));
const two = (b: readonly [number[], number[]], m: readonly [number[], number[]], baseline: 'b' | 'm' = 'b') =>
  compareRuns(
    { baseline, tasks: { s: 'higher', t: 'lower' }, scores: { b: { s: b[0], t: b[1] }, m: { s: m[0], t: m[1] } } },
    { resamples: 50 },
  );

describe('properties', () => {
  test('the order in which seeds, tasks and models are given changes no number', () => {
    fc.assert(
      fc.property(table, ([bs, bt, ms, mt]) => {
        const seeds = (values: number[]) => Object.fromEntries(values.map((v, i) => [`seed ${i}`, v]).toReversed());
        const forth = (values: number[]) => Object.fromEntries(values.map((v, i) => [`seed ${i}`, v]));
        const given = compareRuns(
          {
            baseline: 'b',
            tasks: { s: 'higher', t: 'lower' },
            scores: { b: { s: forth(bs!), t: forth(bt!) }, m: { s: forth(ms!), t: forth(mt!) } },
          },
          { resamples: 50 },
        );
        const turned = compareRuns(
          {
            baseline: 'b',
            tasks: { t: 'lower', s: 'higher' },
            scores: { m: { t: seeds(mt!), s: seeds(ms!) }, b: { t: seeds(bt!), s: seeds(bs!) } },
          },
          { resamples: 50 },
        );
        expect(turned.models.m.tasks).toEqual(given.models.m.tasks);
        expect(turned.ranks.average.m).toBeCloseTo(given.ranks.average.m, 12);
        const [a, b] = [turned.models.m.gain!.mean, given.models.m.gain!.mean];
        for (const key of ['mean', 'low', 'high'] as const) expect(a[key]).toBeCloseTo(b[key], 10);
      }),
      { numRuns: repetitions(60) },
    );
  });

  test('model and baseline exchanged: every difference has the other sign, every verdict the other word', () => {
    fc.assert(
      fc.property(table, ([bs, bt, ms, mt]) => {
        const there = two([bs!, bt!], [ms!, mt!]).models.m!.tasks;
        const back = two([bs!, bt!], [ms!, mt!], 'm').models.b!.tasks;
        for (const task of ['s', 't'] as const) {
          expect(back[task].difference.mean).toBeCloseTo(-there[task].difference.mean, 14);
          expect(back[task].difference.low).toBeCloseTo(-there[task].difference.high, 12);
          expect(back[task].adjustedPValue).toBeCloseTo(there[task].adjustedPValue, 12);
          if (!Number.isNaN(there[task].bootstrap.low))
            expect(back[task].bootstrap.low).toBeCloseTo(-there[task].bootstrap.high, 8);
          const other = { better: 'worse', worse: 'better' } as Record<string, string>;
          expect(back[task].verdict).toBe(other[there[task].verdict] ?? there[task].verdict);
        }
      }),
      { numRuns: repetitions(60) },
    );
  });

  test('what is added to both changes no difference and no verdict', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(-1, 0.5, 2), ([bs, bt, ms, mt], shift) => {
        const add = (values: number[]) => values.map((v) => v + shift); // multiples of 1/512: exact
        const plain = two([bs!, bt!], [ms!, mt!]);
        const moved = two([add(bs!), add(bt!)], [add(ms!), add(mt!)]);
        expect(moved.models.m!.tasks).toEqual(plain.models.m!.tasks);
        expect(moved.ranks).toEqual(plain.ranks);
      }),
      { numRuns: repetitions(60) },
    );
  });

  test('adjusted p values are never below the plain ones, and a verdict has both on its side', () => {
    fc.assert(
      fc.property(table, ([bs, bt, ms, mt]) => {
        for (const cell of Object.values(two([bs!, bt!], [ms!, mt!]).models.m!.tasks)) {
          const { difference, adjustedPValue, verdict } = cell;
          expect(adjustedPValue).toBeGreaterThanOrEqual(difference.pValue);
          const decided = verdict === 'better' || verdict === 'worse';
          if (decided) expect(difference.low > 0 || difference.high < 0).toBe(true);
          if (decided) expect(adjustedPValue).toBeLessThanOrEqual(0.05 + 1e-12);
        }
      }),
      { numRuns: repetitions(60) },
    );
  });
});

test(
  'simulated: intervals cover, and a whole comparison without differences makes a false claim as rarely as promised',
  { tags: ['long'] },
  () => {
    const random = counterRandom(17);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const seeds = 6;
    const trials = 300;
    let [covered, claimed] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const common = Array.from({ length: seeds }, normal);
      const model = () => ({ s: common.map((c) => c + normal()), t: common.map((c) => c + normal()) });
      const result = compareRuns(
        { baseline: 'b', tasks: { s: 'higher', t: 'lower' }, scores: { b: model(), m: model(), n: model() } },
        { confidence: 0.9, resamples: 20 },
      );
      const { low, high } = result.models.m.tasks.s.difference;
      covered += Number(low < 0 && high > 0);
      claimed += Number(Object.values(result.models).some(({ wins, losses }) => wins + losses > 0));
    }
    const reach = 4 * Math.sqrt(0.09 / trials);
    expect(Math.abs(covered / trials - 0.9)).toBeLessThan(reach);
    expect(claimed / trials).toBeLessThan(0.1 + reach);
    expect(claimed).toBeGreaterThan(0);
  },
);

test.each<[() => unknown, string]>([
  [() => compareRuns(undefined as never), 'compareRuns: got undefined for runs; expected an object'],
  [() => compareRuns({ ...runs, tasks: {} } as never), 'compareRuns: got no tasks'],
  [() => compareRuns({ ...runs, tasks: { ctr: 'up' } } as never), 'compareRuns: got tasks["ctr"] = "up"'],
  [
    () => compareRuns({ ...runs, tasks: { ctr: 'higher' } } as never),
    'compareRuns: got scores["single"] for tasks [ctr, dwell]; expected the tasks [ctr]',
  ],
  [
    () => compareRuns({ ...runs, scores: { single } } as never),
    'compareRuns: got baseline = "single" and the models [single]; expected the baseline and another model',
  ],
  [() => compareRuns({ ...runs, scores: { single, adatt: 3 } } as never), 'compareRuns: got 3 for scores["adatt"]'],
  [
    () => compareRuns({ ...runs, scores: { single, adatt: { ...adatt, ctr: [1, Infinity] } } } as never),
    'compareRuns: got scores["adatt"]["ctr"]["1"] = Infinity',
  ],
  [
    () => compareRuns({ ...runs, scores: { single, adatt: { ...adatt, ctr: { 3: '1' } } } } as never),
    'compareRuns: got scores["adatt"]["ctr"]["3"] = "1"',
  ],
  [() => compareRuns(runs, { confidence: 95 }), 'Expected a number in (0, 1) for compareRuns.confidence, received 95.'],
  [
    () => compareRuns(runs, { resamples: 0.5 }),
    'Expected a whole number of 1 or more for compareRuns.resamples, received 0.5',
  ],
  [() => compareRuns(runs, { seed: -1 }), 'for counterRandom.seed, received -1'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});

test('over folds, all tests are corrected, and what takes them for independent is NaN', () => {
  const runs = {
    baseline: 'single',
    tasks: { ctr: 'higher' },
    scores: { single: { ctr: [0.71, 0.73, 0.72, 0.7] }, adatt: { ctr: [0.74, 0.755, 0.75, 0.73] } },
  } as const;
  const { models, ranks } = compareRuns(runs, { testToTrain: 1 / 3 });
  const { difference, bootstrap, adjustedPValue } = models.adatt.tasks.ctr;
  expect(difference).toEqual(pairedDifference(runs.scores.adatt.ctr, runs.scores.single.ctr, { testToTrain: 1 / 3 }));
  expect(adjustedPValue).toBe(difference.pValue);
  expect(bootstrap).toMatchObject({ low: NaN, high: NaN, standardError: NaN });
  expect(models.adatt.gain!.bootstrap).toMatchObject({ low: NaN, high: NaN });
  const plain = compareRuns(runs).models.adatt.gain!.mean;
  const { high, mean } = models.adatt.gain!.mean;
  expect(((high - mean) / (plain.high - plain.mean)) ** 2).toBeCloseTo((1 / 4 + 1 / 3) * 4, 12);
  expect(ranks).toMatchObject({ blocks: 4, pValue: NaN, criticalDifference: NaN });
});
