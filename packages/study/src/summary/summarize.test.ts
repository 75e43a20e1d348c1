import { expect, test } from 'vitest';
import { trialOf, trialsOf } from '../testing/trial-of.ts';
import { summarize } from './summarize.ts';

// t(.975, 2 degrees of freedom) = 4.302653; the deviation of each list below is .01, so half an interval is
// 4.302653 × .01 / √3 = .0248414.
const HALF = 0.0248414;

test('mean, deviation and 95% t interval over seeds, by hand', () => {
  const { models, seeds, columns } = summarize(
    trialsOf('single-task', { auc: [0.8, 0.81, 0.82], ne: [0.5, 0.49, 0.48] }),
  );
  expect(seeds).toEqual([1, 2, 3]);
  expect(columns).toEqual([
    { task: 'click', metric: 'auc' },
    { task: 'click', metric: 'ne' },
  ]);
  const { auc, ne } = models[0]!.metrics.click!;
  expect(auc!.mean).toBeCloseTo(0.81, 12);
  expect(auc!.deviation).toBeCloseTo(0.01, 12);
  expect(auc!.high - auc!.mean).toBeCloseTo(HALF, 6);
  expect(ne!.mean - ne!.low).toBeCloseTo(HALF, 6);
  expect(models[0]).toMatchObject({ model: 'single-task', parameters: 1234, seeds: [1, 2, 3], seconds: { mean: 2 } });
});

test('the gain in each metric, seed by seed; better is positive', () => {
  const trials = [
    ...trialsOf('single-task', { auc: [0.8, 0.8, 0.8], ne: [0.5, 0.4, 0.2] }),
    ...trialsOf('adatt', { auc: [0.88, 0.88, 0.72], ne: [0.45, 0.36, 0.16] }), // AUC +10%, +10%, −10%; NE 10%, 10%, 20% lower
  ];
  const { comparisons } = summarize(trials);
  expect(Object.keys(comparisons)).toEqual(['auc', 'ne']);
  expect(Object.keys(comparisons.ne!.models)).toEqual(['adatt']);
  const [auc, ne] = [comparisons.auc!.models.adatt!.gain!, comparisons.ne!.models.adatt!.gain!];
  expect(auc.mean.mean).toBeCloseTo(0.1 / 3, 12);
  expect(ne.mean.mean).toBeCloseTo(0.4 / 3, 12);
  // deviation of .1, .1, .2 is .057735; half an interval 4.302653 × .057735 / √3 = .143422
  expect(ne.mean.high - ne.mean.mean).toBeCloseTo(0.143422, 6);
  expect(ne.perTask.click).toEqual(ne.mean);
});

test('the gain in a metric is the mean over the tasks that have it', () => {
  const metrics = (click: number, like: number, rmse: number) => ({
    click: { ne: click },
    like: { ne: like },
    dwell: { rmse },
  });
  const { comparisons, columns } = summarize([
    trialOf({ metrics: metrics(0.5, 0.5, 2) }),
    trialOf({ model: 'ple', metrics: metrics(0.4, 0.55, 2.2) }), // +20%, −10%; −10%
  ]);
  expect(columns.map(({ metric }) => metric)).toEqual(['ne', 'ne', 'rmse']);
  const [ne, rmse] = [comparisons.ne!.models.ple!.gain!, comparisons.rmse!.models.ple!.gain!];
  expect(ne.mean.mean).toBeCloseTo(0.05, 12);
  expect(ne.perTask.like!.mean).toBeCloseTo(-0.1, 12);
  expect(rmse.mean.mean).toBeCloseTo(-0.1, 12);
  expect(rmse.mean.low).toBeNaN(); // one seed
});

test('only the seeds that both have give a gain', () => {
  const trials = [...trialsOf('single-task', { ne: [0.5, 0.4] }), ...trialsOf('ple', { ne: [0.4, 0.4, 0.1] })];
  const { mean } = summarize(trials).comparisons.ne!.models.ple!.gain!;
  expect(mean).toMatchObject({ n: 2, mean: expect.closeTo(0.1, 12) as number });
  expect(summarize(trialsOf('ple', { ne: [0.4] })).comparisons).toEqual({});
});

test('rows are in the order of the model table, others after them; the later of two trials of a seed counts', () => {
  const trials = [
    trialOf({ model: 'mine' }),
    trialOf({ model: 'adatt' }),
    trialOf({ model: 'mmoe', seconds: 5 }),
    trialOf({ model: 'mmoe', seconds: 7 }),
  ];
  const { models } = summarize(trials);
  expect(models.map(({ model }) => model)).toEqual(['mmoe', 'adatt', 'mine']);
  expect(models[0]!.seconds).toMatchObject({ mean: 7, n: 1 });
});

test('trials of two settings, or none, are refused', () => {
  expect(() => summarize([trialOf(), trialOf({ engine: 'wasm' })])).toThrow('received 2 settings');
  expect(() => summarize([])).toThrow('received none. Run the suite first.');
});

test('every model beside the baseline that was chosen: differences, verdicts adjusted over models, ranks', () => {
  // b − a: .02, −.01, .03, 0, .02: t = 1.6330, p = 0.177808; c − a: .1, .1, .11, .1, .1: t = 51, p = 8.84623e-7, Holm × 2
  const trials = [
    ...trialsOf('a', { auc: [0.5, 0.6, 0.7, 0.6, 0.6] }),
    ...trialsOf('b', { auc: [0.52, 0.59, 0.73, 0.6, 0.62] }),
    ...trialsOf('c', { auc: [0.6, 0.7, 0.81, 0.7, 0.7] }),
  ];
  const { auc } = summarize(trials, { baseline: 'a' }).comparisons;
  expect([auc!.baseline, auc!.family]).toEqual(['a', 2]);
  expect(auc!.models.b!.tasks.click).toMatchObject({
    verdict: 'no difference',
    difference: { mean: expect.closeTo(0.012, 12) as number },
  });
  expect(auc!.models.b!.tasks.click!.adjustedPValue).toBeCloseTo(0.177808, 6);
  expect(auc!.models.c!.tasks.click).toMatchObject({
    verdict: 'better',
    adjustedPValue: expect.closeTo(2 * 8.84623e-7, 11) as number,
  });
  expect(auc!.models.c).toMatchObject({ wins: 1, losses: 0, seesaw: false });
  expect(auc!.ranks.average).toEqual({ a: 2.7, b: 2.3, c: 1 });
  expect(summarize(trials).comparisons).toEqual({}); // its baseline wasn't run
});

test('rows are in the order that is asked for', () => {
  const trials = [trialOf({ model: 'mine' }), trialOf({ model: 'ple' }), trialOf({ model: 'mine too' })];
  expect(summarize(trials, { order: ['mine too', 'ple'] }).models.map(({ model }) => model)).toEqual([
    'mine too',
    'ple',
    'mine',
  ]);
});
