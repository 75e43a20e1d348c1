import { describe, expect, it } from 'vitest';
import { multiclassNormalizedEntropy, normalizedEntropy, normalizedRmse, rmse } from './index.ts';

describe('metrics without a unit', () => {
  const labels = [12, 40, 44, 71, 80];
  const predictions = [20, 38, 50, 60, 77];

  it('nrmse is the RMSE over the deviation, the same in any unit', () => {
    const mean = labels.reduce((a, b) => a + b) / labels.length;
    const deviation = rmse(
      labels,
      labels.map(() => mean),
    );
    expect(normalizedRmse(labels, predictions)).toBeCloseTo(rmse(labels, predictions) / deviation, 14);
    const inSeconds = (values: number[]) => values.map((value) => 3600 * value + 5e8);
    expect(normalizedRmse(inSeconds(labels), inSeconds(predictions))).toBeCloseTo(
      normalizedRmse(labels, predictions),
      9,
    );
    expect(
      normalizedRmse(
        labels,
        labels.map(() => mean),
      ),
    ).toBe(1);
  });

  it('multiclassNe of two classes is ne', () => {
    const yes = [0.9, 0.2, 0.6, 0.4];
    const both = yes.flatMap((p) => [1 - p, p]);
    const expected = normalizedEntropy([1, 0, 0, 1], yes, [1, 2, 1, 3]);
    expect(multiclassNormalizedEntropy([1, 0, 0, 1], both, [1, 2, 1, 3])).toBeCloseTo(expected, 12);
  });

  it('multiclassNe keeps a state that refused its first rows as it was', () => {
    const state = multiclassNormalizedEntropy.metric().create();
    expect(() => state.update([0], [0.9, 0.9])).toThrow('multiclassNormalizedEntropy');
    state.update([0, 1, 2], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(state.compute()).toBeCloseTo(0, 6);
  });
});
