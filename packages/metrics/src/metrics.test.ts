import { expect, test } from 'vitest';
import { findMetric, metrics } from './metrics.ts';

test('finds the metrics of the table, and NDCG at any k', () => {
  expect(findMetric('auc')).toBe(metrics.auc);
  expect(findMetric('ndcg@10')).toBe(metrics['ndcg@10']);
  expect(findMetric('logLoss', 'multiclass')).toBe(metrics.multiclassLogLoss);
  expect(findMetric('auc', 'multi-label')).toBe(metrics.multiLabelAuc);
  expect(findMetric('auc', 'binary')).toBe(metrics.auc);
  expect(findMetric('ndcg@3')).toMatchObject({
    name: 'ndcg@3',
    direction: 'higher',
    task: 'ranking',
    grouped: true,
    config: { k: 3 },
  });
});

test.each(['AUC', 'ndcg@0', 'ndcg@-1', 'ndcg@1.5', 'ndcg', 'toString', '__proto__', ''])(
  'refuses the name %o',
  (name) => {
    expect(() => findMetric(name)).toThrow(`findMetric: got the name "${name}"; expected one of auc, binnedAuc, prAuc`);
  },
);

test('says which way is better, which task a metric is for, and whether it needs groups', () => {
  const rows = Object.values(metrics).map(({ name, direction, task, grouped }) =>
    [name, direction, task, grouped].join(' '),
  );
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
    'multiclassAccuracy higher multiclass false',
    'multiclassLogLoss lower multiclass false',
    'multiclassNe lower multiclass false',
  ];
  expect(rows.filter((row) => known.includes(row))).toEqual(known);
});
