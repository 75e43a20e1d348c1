import type { OptionsFor } from '../tester.ts';
import { aboutOf } from '@polytask/core';
import { allMetrics } from '@polytask/metrics';
import * as runner from 'vitest';
import { testMetric } from '../kinds/metric.ts';

/** What each is where all labels are equal, as its page says. A new metric is tested as soon as it is in the table. */
const ONE_CLASS: Readonly<Record<string, OptionsFor<typeof testMetric>>> = {
  auc: { oneClass: NaN },
  binnedAuc: { oneClass: NaN },
  ne: { oneClass: NaN },
  gauc: { oneClass: NaN },
};

const own = allMetrics().filter(({ name }) => aboutOf('metric', name).package === '@polytask/metrics');
for (const metric of own) testMetric(metric, { ...(metric.task === 'binary' && ONE_CLASS[metric.name]), runner });
