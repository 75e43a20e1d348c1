import type { CatalogueItem } from './catalogue-item.ts';

/** What the experts of `@polytask/experts` are. */
export const experts: readonly CatalogueItem[] = [
  { name: 'linear', description: 'an affine map' },
  { name: 'mlp', description: 'layers of affine map, normalisation, activation and dropout' },
  { name: 'pass', description: 'what it reads, as it is' },
  {
    name: 'cross-network',
    description: 'products of features, one order more a layer',
    paper: 'Wang et al., WWW 2021, eq. 1',
  },
  {
    name: 'factorisation-machine',
    description: 'an affine map and the products of all pairs of inputs',
    paper: 'Rendle, ICDM 2010, eq. 1',
  },
  {
    name: 'residual-mlp',
    description: 'blocks of two layers, each added to what it reads',
    paper: 'Gorishniy et al., NeurIPS 2021, section 3.2',
  },
  {
    name: 'gated',
    description: 'an affine map times a gate: GLU, SwiGLU',
    paper: 'Dauphin et al., ICML 2017, eq. 1; Shazeer 2020',
  },
  {
    name: 'field-attention',
    description: 'self-attention over the fields of the input',
    paper: 'Song et al., CIKM 2019, eq. 5',
  },
  { name: 'tf-layer', description: 'any tf.layers.Layer' },
];
