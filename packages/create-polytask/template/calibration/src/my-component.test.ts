import { binary } from '@polytask/core';
import { fitCalibration } from '@polytask/core/calibration';
import { testCalibration } from '@polytask/testing';
import * as runner from 'vitest';
import { expect, it } from 'vitest';
import { myComponent } from './my-component.ts';

testCalibration(myComponent({ by: -0.5 }), { runner });

it('finds the shift after which the mean probability is the share of yes', () => {
  const scores = Float64Array.of(0.5, 0.5, 0.5, 0.5);
  const rows = { scores, labels: Float64Array.of(1, 0, 0, 0), weights: Float64Array.of(1, 1, 1, 1) };
  const { config } = fitCalibration('my-package/my-component', binary(), rows);
  expect((config as { by: number }).by).toBeCloseTo(Math.log(1 / 3), 6);
});
