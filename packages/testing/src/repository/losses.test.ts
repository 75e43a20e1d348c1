import {
  absolute,
  crossEntropy,
  focal,
  huber,
  logCosh,
  binaryCrossEntropy,
  quantile,
  squared,
  type LossSpec,
} from '@polytask/core';
import * as runner from 'vitest';
import { untested } from '../cases/case.ts';
import { testLoss } from '../losses/loss-cases.ts';

/** Every loss of core. A new one is a row here. */
const LOSSES: readonly LossSpec[] = [
  binaryCrossEntropy(),
  binaryCrossEntropy({ positiveWeight: 3, smoothing: 0.1 }),
  focal(),
  focal({ gamma: 0.5, alpha: 0.25 }),
  crossEntropy(),
  crossEntropy({ classWeights: [1, 2, 3], smoothing: 0.1 }),
  squared(),
  absolute(),
  huber({ delta: 0.7 }),
  logCosh(),
  quantile({ q: 0.8 }),
];

runner.it('has a row for every loss of core', () => {
  runner.expect(untested('loss', LOSSES, ['@polytask/core'])).toEqual([]);
});

for (const loss of LOSSES) testLoss(loss, { name: `${loss.name} ${JSON.stringify(loss.config)}`, runner });
