import { featureKinds } from '@polytask/data';
import type { NamedEntry } from '@polytask/components';
import { allMetrics } from '@polytask/metrics';
import { aboutOf, type ComponentKind, componentsOf, expertVariants, gateVariants } from '@polytask/core';
import { allSuites, balancers, metricEntry, models, suites } from '@polytask/study';
import '@polytask/experts'; // these two register the components that `list` shows
import '@polytask/gating';
import '@polytask/core/calibration';
import { TRACKER } from './tracking/trackers.ts';
import '@polytask/training';

export interface CatalogItem {
  readonly name: string;
  readonly description: string;
  readonly paper?: string;
  /** Other names that find it. */
  readonly also?: readonly string[];
}

export interface CatalogEntry extends NamedEntry {
  /** The kind of component that is listed: its options are shown for one of them. */
  readonly kind?: ComponentKind;
  /** The option of `polytask bench` that takes names of the list, with options. */
  readonly flag?: string;
  entries(): CatalogItem[];
}

/** A list of the registered components of a kind, or of other `entries`. */
const ofKind = (
  name: string,
  kind: ComponentKind,
  description: string,
  entries: () => readonly NamedItem[] = () => componentsOf(kind),
): CatalogEntry => ({ kind, ...list(name, description, entries) });

/** As {@link ofKind}, of what comparisons take by name: the flag has the name of the list. */
const compared = (...[name, ...others]: Required<Parameters<typeof ofKind>>): CatalogEntry => ({
  ...ofKind(name, ...others),
  flag: `--${name}`,
});

const list = (name: string, description: string, entries: () => readonly NamedItem[]): CatalogEntry => ({
  name,
  description,
  entries: () => entries().map(entry),
});

export const catalog: readonly CatalogEntry[] = [
  compared('models', 'network', 'architectures that a bench compares', models),
  compared('experts', 'expert', 'what an expert can be', () => itemsOf('expert', expertVariants())),
  compared('gates', 'gate', "what weighs experts' outputs", () => itemsOf('gate', gateVariants())),
  compared('balancers', 'balancer', "what makes one step of the tasks' losses or gradients", balancers),
  ofKind('optimizers', 'optimizer', 'what moves the parameters by their gradients'),
  ofKind('schedules', 'schedule', 'how the learning rate changes'),
  ofKind('searches', 'search', 'how hyper-parameters are tried: --search, and `search` of a suite'),
  ofKind('features', 'feature', 'what a column can be', featureKinds),
  ofKind('inputs', 'input', 'what makes one vector of the features'),
  ofKind('poolings', 'pooling', 'what makes one vector of the entries of a sequence'),
  ofKind('tasks', 'task', 'what a label can be'),
  ofKind('losses', 'loss', 'what a task can be trained on', () =>
    componentsOf('loss').map((each) => {
      const tasks = aboutOf('loss', each.name).tasks?.join(', ');
      return { ...each, description: `${each.description}; ${tasks}` };
    }),
  ),
  ofKind('calibrations', 'calibration', 'what makes probabilities right: --calibration of `polytask train`'),
  ofKind('thresholds', 'threshold', 'what decides from a probability: --threshold of `polytask train`'),
  list('metrics', 'what a model is scored by', () =>
    [...new Map(allMetrics().map((metric) => [metric.name, metric])).values()].map(metricItem),
  ),
  ofKind('readers', 'reader', 'which files of rows can be read: --format of `polytask describe`, predict and drift'),
  ofKind('trackers', TRACKER, 'where `polytask bench` and `train` record trainings: --track'),
  list('datasets', 'data that can be read or made', () => suites),
  list('suites', 'what `polytask bench` can run', allSuites),
];

type NamedItem = Pick<CatalogItem, 'name'> & { readonly [K in keyof CatalogItem]?: CatalogItem[K] | undefined };

const entry = ({ name, description = '', paper, also = [] }: NamedItem): CatalogItem => ({
  name,
  description,
  ...(also.length > 0 && { also }),
  ...(paper !== undefined && { paper }),
});

/** A metric that is best at 1, or a ranking, is not for tables. */
const metricItem = (item: NamedItem): NamedItem => {
  const { name, description = '' } = item;
  return { ...item, description: metricEntry(name) ? description : `${description}; in a program only` };
};

/** What comparisons take by name, and the other registered components of a kind. */
function itemsOf(kind: ComponentKind, variants: readonly (CatalogItem & { readonly component: string })[]) {
  const listed = new Set(variants.flatMap(({ name, component }) => [name, component]));
  return [...variants, ...componentsOf(kind).filter(({ name }) => !listed.has(name))];
}
