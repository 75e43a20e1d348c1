import type { CatalogItem } from './catalog-item.ts';

/** What `@polytask/data` knows by name. */
export const datasets: readonly CatalogItem[] = [
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
      'KuaiRand-Pure, 228,329 impressions of short videos with what people did, CC BY-SA 4.0; from a directory',
    paper: 'Gao et al., CIKM 2022',
  },
];
