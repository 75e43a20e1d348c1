import { expect, test } from 'vitest';
import { accuracy, balancedAccuracy, f1, mcc, precision, recall } from './binary/decisions.ts';
import { allMetrics, findMetric } from './metrics.ts';

test('finds the metrics of the table, and NDCG at any k', () => {
  expect(findMetric('auc')).toMatchObject({ name: 'auc', task: 'binary', label: 'AUC', digits: 4 });
  expect(findMetric('auc', 'multi-label')).toMatchObject({ name: 'auc', task: 'multi-label' });
  expect(findMetric('logLoss', 'multiclass')).toMatchObject({ name: 'logLoss', task: 'multiclass' });
  expect(findMetric('rmse', 'multiclass').task).toBe('regression'); // the only one of the name
  expect(findMetric('ndcg@3')).toMatchObject({
    name: 'ndcg@3',
    direction: 'higher',
    task: 'ranking',
    grouped: true,
    config: { k: 3 },
  });
});

test('metrics of a task are in the order of the columns of tables', () => {
  const of = (wanted: string) =>
    allMetrics().flatMap(({ name, task, measured }) => (task === wanted && measured !== 'named' ? [name] : []));
  expect(of('binary').slice(0, 3)).toEqual(['auc', 'gauc', 'ne']);
  expect(of('multiclass')).toEqual(['accuracy', 'logLoss']);
  expect(of('regression').slice(0, 2)).toEqual(['rmsle', 'rmse']);
});

test('finds a metric by the names of papers, and by a parameter', () => {
  expect(findMetric('concordance').name).toBe('c-index');
  expect(findMetric('groupedAuc')).toBe(findMetric('gauc'));
  expect(findMetric('pinball@0.1:0.9')).toMatchObject({ task: 'quantiles', label: 'pinball loss' });
  expect(findMetric('survivalRatio@30:90').config).toEqual({ cuts: '30:90' });
});

test('a decision has its threshold in its name', () => {
  const [labels, probabilities] = [
    [1, 0, 1, 0],
    [0.9, 0.8, 0.6, 0.2],
  ];
  for (const [name, of] of Object.entries({ accuracy, balancedAccuracy, f1, mcc, precision, recall })) {
    const metric = findMetric(`${name}@0.85`);
    const value = metric.create().update(labels, probabilities).compute();
    expect([metric.name, value]).toEqual([`${name}@0.85`, of(labels, probabilities, { threshold: 0.85 })]);
  }
  expect(findMetric('f1@0.123456')).toMatchObject({ label: 'F1 at 0.1235', config: { threshold: 0.123456 } });
});

test.each(['f1@2', 'f1@-1', 'f1@x', 'AUC', 'ndcg@0', 'ndcg@-1', 'ndcg@1.5', 'ndcg', 'toString', '__proto__', ''])(
  'refuses the name %o',
  (name) => {
    expect(() => findMetric(name)).toThrow(`findMetric: got the name "${name}"; expected one of `);
  },
);

test('says which way is better, which task a metric is for, and whether it needs groups', () => {
  const rows = allMetrics().map(({ name, direction, task, grouped }) => [name, direction, task, grouped].join(' '));
  const known = [
    'auc higher binary false',
    'binnedAuc higher binary false',
    'prAuc higher binary false',
    'logLoss lower binary false',
    'ne lower binary false',
    'brier lower binary false',
    'calibration one binary false',
    'ece lower binary false',
    'accuracy higher binary false',
    'gauc higher binary true',
    'ndcg@10 higher ranking true',
    'rmse lower regression false',
    'rmsle lower regression false',
    'mae lower regression false',
    'r2 higher regression false',
    'nrmse lower regression false',
    'accuracy higher multiclass false',
    'logLoss lower multiclass false',
    'ne lower multiclass false',
  ];
  expect(rows).toEqual(expect.arrayContaining(known));
});
