import type { CatalogItem } from './catalog-item.ts';
import { componentsOf, type ComponentKind } from '@polytask/core';
import { allSuites, balancers, models, type NamedRow } from '@polytask/study';
import '@polytask/experts';
import '@polytask/gating';
import { datasets } from './datasets.ts';

/** What `polytask list` can list. */
export interface CatalogRow extends NamedRow {
  entries(): CatalogItem[];
}

export const catalog: readonly CatalogRow[] = [
  { name: 'models', description: 'architectures that a bench compares', entries: () => models().map(entry) },
  { name: 'experts', description: 'what an expert can be', entries: () => described('expert') },
  { name: 'gates', description: "what weighs experts' outputs", entries: () => described('gate') },
  {
    name: 'balancers',
    description: "what makes one step of the tasks' losses or gradients",
    entries: () => balancers().map(entry),
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

/** All components that are registered, with what their definitions say of them. */
const described = (kind: ComponentKind): CatalogItem[] =>
  componentsOf(kind).map((component) => entry({ description: '', ...component }));
