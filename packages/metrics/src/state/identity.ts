import type { RowRules } from '../input/rows.ts';
import { taskRules } from '../input/rules.ts';
import { MetricError, show } from '../metric-error.ts';
import type { Metric, MetricOptions, MetricSnapshot } from '../metric.ts';

/** The declaration of a metric without its state. */
export interface MetricDeclaration extends Pick<Metric, 'name' | 'direction' | 'task'> {
  readonly description?: string | undefined;
  readonly paper?: string | undefined;
  /** Default: from 0 to 1 where higher is better, otherwise 0 and above. */
  readonly range?: Metric['range'];
  /** The rules that aren't those of the task. */
  readonly rules?: Partial<Omit<RowRules, 'where'>>;
  readonly config?: MetricOptions;
}

/** A declaration with its configuration and rules. */
export type Completed<Declaration> = Declaration & {
  readonly config: MetricOptions;
  readonly rules: Omit<RowRules, 'where'>;
};

export const completed = <Declaration extends MetricDeclaration>(declaration: Declaration): Completed<Declaration> => {
  const { task, rules, config = {} } = declaration;
  return { ...declaration, config, rules: { ...taskRules[task], ...rules } };
};

/** The members of a metric that are its declaration's. */
export const declared = (definition: Completed<MetricDeclaration>) => {
  const { name, direction, task, description, paper, config, rules } = definition;
  const { range = [0, direction === 'higher' ? 1 : Infinity] as const } = definition;
  return {
    ...{ name, direction, range, task, config, grouped: rules.grouped ?? false },
    ...(description !== undefined && { description }),
    ...(paper !== undefined && { paper }),
  };
};

const label = (name: string, config: MetricOptions): string => `${name} ${JSON.stringify(config)}`;

export const requireSame = (
  own: { name: string; config: MetricOptions },
  other: { name: string; config: MetricOptions } | undefined,
): void => {
  const received = other ? label(other.name, other.config) : 'something that is no state of this metric';
  const expected = label(own.name, own.config);
  if (received === expected) return;
  throw new MetricError(
    `${own.name}: merge`,
    received,
    `a state of ${expected}`,
    'Create both states from the same metric.',
  );
};

/** Requires that two states have as many classes or labels, where both know it. */
export const requireSameClasses = (name: string, own: number | undefined, others: number | undefined): void => {
  if (own === undefined || others === undefined || own === others) return;
  throw new MetricError(
    `${name}: merge`,
    `a state of ${others} classes`,
    `${own} classes as here`,
    'Merge states of the same task.',
  );
};

/** Requires a snapshot of the same metric and configuration, with sums or rows. */
export const requireSnapshot = (
  own: { name: string; config: MetricOptions },
  snapshot: MetricSnapshot,
  part: 'sums' | 'rows',
): void => {
  const expected = label(own.name, own.config);
  const received =
    typeof snapshot === 'object' && snapshot !== null ? label(snapshot.metric, snapshot.config) : show(snapshot);
  if (received === expected && typeof snapshot[part] === 'object') return;
  throw new MetricError(
    `${own.name}: restore`,
    received === expected ? `a snapshot without ${part}` : received,
    `what toJSON() of ${expected} wrote`,
    'Restore with the metric that wrote the snapshot.',
  );
};
