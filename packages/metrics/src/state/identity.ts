import { MetricError, show } from '../metric-error.ts';
import type { Metric, MetricConfig, MetricSnapshot } from '../metric.ts';

/** What all metrics declare; how they keep their state comes on top. */
export interface MetricDeclaration extends Pick<Metric, 'name' | 'direction' | 'task'> {
  readonly config?: MetricConfig;
}

const label = (name: string, config: MetricConfig): string => `${name} ${JSON.stringify(config)}`;

/** States add up only if metric and configuration are the same. */
export const requireSame = (
  mine: { name: string; config: MetricConfig },
  other: { name: string; config: MetricConfig } | undefined,
): void => {
  const received = other ? label(other.name, other.config) : 'something that is no state of this metric';
  const expected = label(mine.name, mine.config);
  if (received === expected) return;
  throw new MetricError(
    `${mine.name}: merge`,
    received,
    `a state of ${expected}`,
    'Create both states from the same metric.',
  );
};

/** Refuses a snapshot of another metric, or one without the part this metric needs. */
export const requireSnapshot = (
  mine: { name: string; config: MetricConfig },
  snapshot: MetricSnapshot,
  part: 'sums' | 'rows',
): void => {
  const expected = label(mine.name, mine.config);
  const received =
    typeof snapshot === 'object' && snapshot !== null ? label(snapshot.metric, snapshot.config) : show(snapshot);
  if (received === expected && typeof snapshot[part] === 'object') return;
  throw new MetricError(
    `${mine.name}: restore`,
    received === expected ? `a snapshot without ${part}` : received,
    `what toJSON() of ${expected} wrote`,
    'Restore with the metric that wrote the snapshot.',
  );
};
