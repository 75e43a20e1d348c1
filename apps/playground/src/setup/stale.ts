import { FIELD_NAMES, type FieldName, type Setup } from './setup.ts';

/** A setting as a sentence names it. */
const TITLES: Readonly<Record<FieldName, string>> = {
  source: 'data',
  tasks: 'tasks',
  correlation: 'correlation',
  conflict: 'conflict',
  noise: 'noise',
  labels: 'labels of task 1',
  rows: 'training rows',
  models: 'models',
  expert: 'other expert',
  gate: 'other gate',
  balancer: 'balancer',
  tradeOffs: 'trade-offs',
  levels: 'levels',
  width: 'width',
  experts: 'experts',
  epochs: 'epochs',
  seeds: 'seeds',
};

/** The settings that count for synthetic tasks only. */
const SYNTHETIC: ReadonlySet<FieldName> = new Set(['tasks', 'correlation', 'conflict', 'noise', 'labels', 'rows']);

/** What a result belongs to: the settings, and the table with its labels. */
export interface Origin {
  readonly setup: Setup;
  /** The table in words, such as `people.csv (bought, liked)`. Undefined for data of the page. */
  readonly table?: string | undefined;
}

/**
 * The settings in which a result differs from the page, each with both values. Settings that change nothing for the source don't count.
 *
 * @returns none if the result belongs to the settings
 * @example staleParts({ setup }, { setup: { ...setup, seeds: 8 } }) // ['seeds 5 (now 8)']
 */
export function staleParts(result: Origin, page: Origin): string[] {
  const isSynthetic = result.setup.source === 'synthetic' && page.setup.source === 'synthetic';
  const parts = FIELD_NAMES.filter((name) => isSynthetic || !SYNTHETIC.has(name)).flatMap((name) => {
    const [was, now] = [result, page].map(({ setup }) => textOf(setup[name]));
    return was === now ? [] : [`${TITLES[name]} ${was} (now ${now})`];
  });
  const sameSource = result.setup.source === page.setup.source;
  if (!sameSource || result.table === page.table) return parts;
  return [...parts, `table ${result.table ?? 'none'} (now ${page.table ?? 'none'})`];
}

const textOf = (value: Setup[FieldName]): string => {
  if (typeof value === 'number') return value.toLocaleString('en-US');
  return (typeof value === 'string' ? value : value.join(', ')) || 'none';
};
