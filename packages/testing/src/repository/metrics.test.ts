import { metrics } from '@polytask/metrics';
import * as runner from 'vitest';
import { testMetric } from '../metrics/metric-cases.ts';
import type { MetricCaseOptions } from '../metrics/labeled-prediction.ts';

/** What each is where all labels are equal, as its page says. A new metric is tested as soon as it is in the table. */
const ONE_CLASS: Readonly<Record<string, MetricCaseOptions>> = {
  auc: { oneClass: NaN },
  binnedAuc: { oneClass: NaN },
  ne: { oneClass: NaN },
  gauc: { oneClass: NaN },
};

for (const [name, metric] of Object.entries(metrics)) testMetric(metric, { ...ONE_CLASS[name], runner });
