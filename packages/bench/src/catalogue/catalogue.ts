import type { CatalogueItem } from './catalogue-item.ts';
import { registered, type ComponentKind } from '@polytask/core';
import { allSuites, balancers, models, type NamedRow } from '@polytask/study';
import '@polytask/experts';
import '@polytask/gating';
import { datasets } from './datasets.ts';
import { experts } from './experts.ts';
import { gates } from './gates.ts';

/** What `polytask list` can list. */
export interface CatalogueRow extends NamedRow {
  entries(): CatalogueItem[];
}

export const catalogue: readonly CatalogueRow[] = [
  { name: 'models', description: 'architectures that a bench compares', entries: () => models.map(entry) },
  { name: 'experts', description: 'what an expert can be', entries: () => described('expert', experts) },
  { name: 'gates', description: "what weighs experts' outputs", entries: () => described('gate', gates) },
  {
    name: 'balancers',
    description: "what makes one step of the tasks' losses or gradients",
    entries: () => balancers.map(entry),
  },
  { name: 'datasets', description: 'data that can be read or made', entries: () => datasets.map(entry) },
  {
    name: 'suites',
    description: 'what `polytask bench` can run',
    entries: () => allSuites().map((suite) => entry({ description: '', ...suite })),
  },
];

const entry = ({ name, description, paper }: CatalogueItem): CatalogueItem => ({
  name,
  description,
  ...(paper !== undefined && { paper }),
});

/** All components that are registered, those that have no description here as well. */
const described = (kind: ComponentKind, known: readonly CatalogueItem[]): CatalogueItem[] =>
  registered(kind).map((name) => entry(known.find((each) => each.name === name) ?? { name, description: '' }));
