import { type RowRules, rulesOf } from '../input/rows.ts';
import { MetricError, show } from '../metric-error.ts';
import type { Metric, MetricOptions, MetricSnapshot } from '../metric.ts';

/** The declaration of a metric without its state. */
export interface MetricDeclaration<Name extends string = string> extends Pick<
  Metric<Name>,
  'name' | 'direction' | 'task'
> {
  readonly also?: readonly string[];
  /** Default: the name. */
  readonly label?: string;
  /** Default 4. */
  readonly digits?: number;
  /** Default: for each task that it fits. */
  readonly measured?: Metric['measured'];
  readonly description?: string;
  readonly paper?: string;
  /** Default: from 0 to 1 where higher is better, otherwise 0 and above. */
  readonly range?: Metric['range'];
  /** The rules that aren't those of the task. */
  readonly rules?: Partial<Omit<RowRules, 'where'>>;
  readonly config?: MetricOptions;
  readonly constant?: NonNullable<Metric['constant']>;
}

/** A declaration with its configuration and rules. */
export type Completed<Declaration> = Declaration & {
  readonly config: MetricOptions;
  readonly rules: Omit<RowRules, 'where'>;
};

export const completed = <Declaration extends MetricDeclaration>(declaration: Declaration): Completed<Declaration> => {
  const { task, rules, config = {} } = declaration;
  return { ...declaration, config, rules: { ...rulesOf(task), ...rules } };
};

/** The members of a metric that are its declaration's. */
export const declared = <Name extends string>(definition: Completed<MetricDeclaration<Name>>) => ({
  ...{ also: [], label: definition.name, digits: 4, measured: 'always' as const },
  range: [0, definition.direction === 'higher' ? 1 : Infinity] as const,
  ...definition,
  grouped: definition.rules.grouped ?? false,
});

/** What tells metrics apart. */
type Identity = Pick<Metric, 'name' | 'task' | 'config'>;

const shownAs = ({ name, task, config }: Identity): string => `${name} of ${task} ${JSON.stringify(config)}`;

export const requireSame = (own: Identity, other: Identity | undefined): void => {
  const received = other ? shownAs(other) : 'something that is no state of this metric';
  const expected = shownAs(own);
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
export const requireSnapshot = (own: Identity, snapshot: MetricSnapshot, part: 'sums' | 'rows'): void => {
  const expected = shownAs(own);
  const isObject = typeof snapshot === 'object' && snapshot !== null;
  const received = isObject ? shownAs({ ...snapshot, name: snapshot.metric }) : show(snapshot);
  if (received === expected && typeof snapshot[part] === 'object') return;
  throw new MetricError(
    `${own.name}: restore`,
    received === expected ? `a snapshot without ${part}` : received,
    `what toJSON() of ${expected} wrote`,
    'Restore with the metric that wrote the snapshot.',
  );
};
