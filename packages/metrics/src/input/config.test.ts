import { expect, test } from 'vitest';
import { accuracyMetric } from '../binary/accuracy.ts';
import { binnedAucMetric } from '../binary/binned-auc.ts';
import { expectedCalibrationErrorMetric } from '../binary/expected-calibration-error.ts';
import { logLossMetric } from '../binary/log-loss.ts';
import { normalizedEntropyMetric } from '../binary/normalized-entropy.ts';
import { multiclassLogLossMetric } from '../multiclass/multiclass-log-loss.ts';
import { groupedAucMetric } from '../ranking/grouped-auc.ts';
import { ndcgAt } from '../ranking/ndcg.ts';

test.each<[() => unknown, string]>([
  [() => binnedAucMetric({ bins: 0 }), 'binnedAuc: got bins = 0; expected a whole number >= 1. '],
  [() => binnedAucMetric({ bins: '9' as never }), 'binnedAuc: got bins = "9"'],
  [() => expectedCalibrationErrorMetric({ bins: 2.5 }), 'expectedCalibrationError: got bins = 2.5'],
  [() => ndcgAt(Infinity), 'ndcg: got k = Infinity'],
  [() => ndcgAt(5, { gain: 'log' as never }), "ndcg: got gain = \"log\"; expected one of 'exponential', 'linear'. "],
  [
    () => groupedAucMetric({ weighting: 'clicks' as never }),
    'groupedAuc: got weighting = "clicks"; expected one of \'impressions\'',
  ],
  [
    () => accuracyMetric({ threshold: 1 }),
    'accuracy: got threshold = 1; expected a number between 0 and 1, both excluded. ',
  ],
  [() => logLossMetric({ epsilon: 0 }), 'logLoss: got epsilon = 0'],
  [() => normalizedEntropyMetric({ epsilon: NaN }), 'normalizedEntropy: got epsilon = NaN'],
  [() => multiclassLogLossMetric({ epsilon: 0.5 }), 'multiclassLogLoss: got epsilon = 0.5'],
])('%s', (call, message) => {
  expect(call).toThrow(message);
});
