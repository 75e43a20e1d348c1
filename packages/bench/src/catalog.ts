import { aboutOf, type ComponentKind, componentsOf, expertVariants, gateVariants } from '@polytask/core';
import { featureKinds } from '@polytask/data';
import { allSuites, balancers, metricRow, models, type NamedRow, suites } from '@polytask/study';
import { definedMetrics, metrics } from '@polytask/metrics';
import { trackers } from './tracking/parse-tracker.ts';
import '@polytask/experts'; // these two register the components that `list` shows
import '@polytask/gating';

/** A line of a list. */
export interface CatalogItem {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
}

/** A list that `polytask list` shows. */
export interface CatalogRow extends NamedRow {
  /** The kind of component that is listed: its options are shown for one of them. */
  readonly kind?: ComponentKind;
  /** The option of `polytask bench` that takes names of the list, with options. */
  readonly flag?: string;
  entries(): CatalogItem[];
}

export const catalog: readonly CatalogRow[] = [
  {
    name: 'models',
    kind: 'network',
    flag: '--models',
    description: 'architectures that a bench compares',
    entries: () => models().map(entry),
  },
  {
    name: 'experts',
    kind: 'expert',
    flag: '--experts',
    description: 'what an expert can be',
    entries: () => itemsOf('expert', expertVariants()),
  },
  {
    name: 'gates',
    kind: 'gate',
    flag: '--gates',
    description: "what weighs experts' outputs",
    entries: () => itemsOf('gate', gateVariants()),
  },
  {
    name: 'balancers',
    kind: 'balancer',
    flag: '--balancers',
    description: "what makes one step of the tasks' losses or gradients",
    entries: () => balancers().map(entry),
  },
  {
    name: 'optimizers',
    kind: 'optimizer',
    description: 'what moves the parameters by their gradients',
    entries: () => defined('optimizer'),
  },
  {
    name: 'schedules',
    kind: 'schedule',
    description: 'how the learning rate changes',
    entries: () => defined('schedule'),
  },
  {
    name: 'features',
    kind: 'feature',
    description: 'what a column can be',
    entries: () => featureKinds().map(entry),
  },
  {
    name: 'inputs',
    kind: 'input',
    description: 'what makes one vector of the features',
    entries: () => defined('input'),
  },
  {
    name: 'tasks',
    kind: 'task',
    description: 'what a label can be',
    entries: () => defined('task'),
  },
  {
    name: 'losses',
    kind: 'loss',
    description: 'what a task can be trained on',
    entries: () =>
      componentsOf('loss').map((loss) =>
        entry({ ...loss, description: `${loss.description}; ${aboutOf('loss', loss.name).tasks?.join(', ')}` }),
      ),
  },
  {
    name: 'metrics',
    description: 'what a model is scored by',
    entries: () =>
      [...Object.values(metrics), ...definedMetrics().values()].map((metric) =>
        metricItem(entry({ description: '', ...metric })),
      ),
  },
  { name: 'readers', description: 'which files of rows can be read', entries: () => defined('reader') },
  {
    name: 'trackers',
    description: 'where `polytask bench --track` records trials',
    entries: () => trackers().map(described),
  },
  { name: 'datasets', description: 'data that can be read or made', entries: () => suites.map(entry) },
  {
    name: 'suites',
    description: 'what `polytask bench` can run',
    entries: () => allSuites().map((suite) => entry({ description: '', ...suite })),
  },
];

const entry = ({ name, description, paper }: CatalogItem): CatalogItem => ({
  name,
  description,
  ...(paper !== undefined && { paper }),
});

const described = (component: Partial<CatalogItem> & Pick<CatalogItem, 'name'>): CatalogItem =>
  entry({ description: '', ...component });

const defined = (kind: ComponentKind): CatalogItem[] => componentsOf(kind).map(described);

/** A metric that is best at 1, or a ranking, is not for tables. */
const metricItem = (item: CatalogItem): CatalogItem =>
  metricRow(item.name) ? item : { ...item, description: `${item.description}; in a program only` };

/** What comparisons take by name, and the other registered components of a kind. */
function itemsOf(
  kind: ComponentKind,
  variants: readonly (CatalogItem & { readonly component: string })[],
): CatalogItem[] {
  const listed = new Set(variants.flatMap(({ name, component }) => [name, component]));
  const others = componentsOf(kind).filter(({ name }) => !listed.has(name));
  return [...variants, ...others.map((component) => ({ description: '', ...component }))].map(entry);
}
