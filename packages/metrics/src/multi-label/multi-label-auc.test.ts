import { expect, it } from 'vitest';
import { auc } from '../binary/areas.ts';
import { multiLabelAuc, multiLabelNormalizedEntropy } from './multi-label.ts';

it('is the mean of the AUCs of the labels that some rows have, and some have not', () => {
  const masks = [0b101, 0b100, 0b111, 0b110];
  const scores = [0.3, 0.1, 0.5, 0.4, 0.7, 0.5, 0.2, 0.6, 0.5, 0.1, 0.9, 0.5];
  const first = auc([1, 0, 1, 0], [0.3, 0.4, 0.2, 0.1]);
  const second = auc([0, 0, 1, 1], [0.1, 0.7, 0.6, 0.9]);
  expect(multiLabelAuc(masks, scores)).toBeCloseTo((first + second) / 2, 12); // all rows have the third
  expect(multiLabelAuc([3, 3], [0.1, 0.2, 0.3, 0.4])).toBeNaN();
});

it.each([multiLabelAuc.metric(), multiLabelNormalizedEntropy.metric()])(
  '$name: rows have as many labels as before',
  (metric) => {
    const two = metric.create().update([1, 2], [0.1, 0.2, 0.3, 0.4]);
    const three = metric.create().update([7], [0.1, 0.2, 0.3]);
    expect(() => two.update([1], [0.1, 0.2, 0.3])).toThrow('with 2 labels as before');
    expect(() => two.merge(three)).toThrow(`${metric.name}: merge: got a state of 3`);
    expect(() => two.update([4], [0.1, 0.2])).toThrow('labels[0] = 4; expected a bit mask from 0 to 3');
  },
);
