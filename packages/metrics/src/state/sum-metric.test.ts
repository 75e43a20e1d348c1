import { expect, test } from 'vitest';
import { expectedCalibrationError } from '../binary/calibration.ts';
import { logLoss as logLossOf } from '../binary/losses.ts';
import { multiclassAccuracy as accuracyOf } from '../multiclass/multiclass.ts';

const [multiclassAccuracy, logLoss] = [accuracyOf.metric(), logLossOf.metric()];

test('a multiclass state stays with its number of classes', () => {
  const three = multiclassAccuracy.create().update([0], [0.5, 0.3, 0.2]);
  expect(() => three.update([0], [0.5, 0.5])).toThrow(
    'got 2 scores for 1 labels; expected rows × classes scores with 3 classes as before',
  );
  const two = multiclassAccuracy.create().update([0], [0.5, 0.5]);
  expect(() => three.merge(two)).toThrow('got a state of 2 classes; expected 3 classes as here');
  expect(() => multiclassAccuracy.restore(three.toJSON()).update([0], [0.5, 0.5])).toThrow('3 classes as before');
  expect(() => multiclassAccuracy.create().merge(three).update([0], [0.5, 0.5])).toThrow('3 classes as before');
});

test.each([[[1]], [[1, 2, 3]], [[1, NaN]], [[1, '2']], ['12'], [{ length: 2 }]])(
  'refuses the damaged sums %o',
  (sums) => {
    expect(() => logLoss.restore({ ...logLoss.create().toJSON(), sums: sums as number[] })).toThrow(
      /logLoss: restore: got .*; expected/,
    );
  },
);

test('refuses to add up states of different configuration', () => {
  const [ten, twenty] = [expectedCalibrationError.metric({ bins: 10 }), expectedCalibrationError.metric({ bins: 20 })];
  expect(() => ten.create().merge(twenty.create())).toThrow(
    'ece: merge: got ece of binary {"bins":20}; expected a state of ece of binary {"bins":10}',
  );
  expect(() => ten.restore(twenty.create().toJSON())).toThrow('ece: restore: got ece of binary {"bins":20}');
});
