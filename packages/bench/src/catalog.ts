import { aboutOf, type ComponentKind, componentsOf, expertVariants, gateVariants } from '@polytask/core';
import { featureKinds } from '@polytask/data';
import { allSuites, balancers, metricRow, models, type NamedRow } from '@polytask/study';
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
  entries(): CatalogItem[];
}

export const catalog: readonly CatalogRow[] = [
  {
    name: 'models',
    kind: 'network',
    description: 'architectures that a bench compares',
    entries: () => models().map(entry),
  },
  {
    name: 'experts',
    kind: 'expert',
    description: 'what an expert can be',
    entries: () => itemsOf('expert', expertVariants()),
  },
  {
    name: 'gates',
    kind: 'gate',
    description: "what weighs experts' outputs",
    entries: () => itemsOf('gate', gateVariants()),
  },
  {
    name: 'balancers',
    kind: 'balancer',
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
  { name: 'datasets', description: 'data that can be read or made', entries: () => datasets.map(entry) },
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

/** The data sets that `@polytask/data` reads or makes. */
const datasets: readonly CatalogItem[] = [
  {
    name: 'synthetic',
    description: 'tasks of any number, correlation, conflict and share of labels, made on the spot',
    paper: 'Ma et al., KDD 2018, section 3.2',
  },
  {
    name: 'census-income',
    description: 'UCI census-income (KDD), 199,523 training and 99,762 test rows, CC BY 4.0; from a directory',
  },
  {
    name: 'kuairand-pure',
    description:
      'a cut of KuaiRand-Pure, 228,329 impressions of short videos with what people did, CC BY-SA 4.0; from a directory',
    paper: 'Gao et al., CIKM 2022',
  },
  {
    name: 'kuairand-pure-published',
    description: 'KuaiRand-Pure as its authors publish it at https://kuairand.com, CC BY-SA 4.0; from a directory',
    paper: 'Gao et al., CIKM 2022',
  },
  {
    name: 'aliexpress',
    description: 'clicks and purchases in AliExpress search, by country; from https://tianchi.aliyun.com/dataset/74690',
    paper: 'Li et al., CIKM 2020',
  },
  {
    name: 'ali-ccp',
    description: 'clicks and purchases of recommended items, 84M rows; from https://tianchi.aliyun.com/dataset/408',
    paper: 'Ma et al., SIGIR 2018',
  },
  {
    name: 'movielens',
    description: 'ratings of movies, 1M to 32M, for research only; from https://grouplens.org/datasets/movielens/',
    paper: 'Harper and Konstan, TiiS 2015',
  },
];
