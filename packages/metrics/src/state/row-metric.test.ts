import { expect, test } from 'vitest';
import { findMetric } from '../metrics.ts';

test.each([
  [undefined, 'a snapshot without rows'],
  [{ labels: [0, 1], predictions: [0.1] }, '1 scores for 2 labels'],
  [{ labels: [0, 1], predictions: [0.1, null] }, 'scores[1] = null'],
  [{ labels: [0, 1], predictions: [0.1, 0.2], weights: [1, -1] }, 'weights[1] = -1'],
])('refuses the damaged rows %o', (rows, received) => {
  const snapshot = { ...findMetric('auc').create().toJSON(), rows };
  expect(() => findMetric('auc').restore(snapshot as never)).toThrow(`got ${received}`);
});

test('states with different groups merge by the name of the group', () => {
  const a = findMetric('gauc')
    .create()
    .update([0, 1], [0.1, 0.2], { groups: ['x', 'y'] });
  const b = findMetric('gauc')
    .create()
    .update([0, 1], [0.3, 0.05], { groups: ['y', 'x'] });
  expect(a.compute()).toBeNaN();
  expect(a.merge(b).compute()).toBe(0); // x: 0 at .1, 1 at .05; y: 0 at .3, 1 at .2
  const rows = { labels: [0, 1, 0, 1], predictions: [0.1, 0.2, 0.3, 0.05], weights: [1, 1, 1, 1] };
  expect(a.toJSON().rows).toEqual({ ...rows, groups: ['x', 'y', 'y', 'x'] });
  expect(a.merge(a).toJSON().rows!.groups).toEqual(['x', 'y', 'y', 'x', 'x', 'y', 'y', 'x']);
});

test('keeps no hold on the arrays of the caller', () => {
  const scores = Float64Array.of(0.2, 0.8);
  const state = findMetric('auc').create().update([0, 1], scores);
  scores.set([0.8, 0.2]);
  expect(state.compute()).toBe(1);
});
