import type { CatalogueItem } from './catalogue-item.ts';

/** What the gates of `@polytask/gating` are. */
export const gates: readonly CatalogueItem[] = [
  {
    name: 'softmax',
    description: "a softmax over the experts that a lane sees, on the lane's vector or the network's input",
    paper: 'Ma et al., KDD 2018, eq. 8; Li et al., KDD 2023, eq. 10',
  },
  {
    name: 'constant',
    description: 'learned weights that do not depend on the input',
    paper: 'Misra et al., CVPR 2016, eq. 1; Li et al., KDD 2023, eq. 8',
  },
  { name: 'identity', description: 'weight 1 for each expert that a lane sees' },
  {
    name: 'sigmoid',
    description: 'a sigmoid for each expert; experts do not compete',
    paper: 'Csordás et al., EMNLP Findings 2023',
  },
  {
    name: 'entmax',
    description: 'sparsemax or 1.5-entmax: sums to 1, with exact zeros',
    paper: 'Martins & Astudillo, ICML 2016; Peters et al., ACL 2019',
  },
  {
    name: 'noisy-top-k',
    description: 'a softmax over the k largest noisy scores, with losses that balance the load',
    paper: 'Shazeer et al., ICLR 2017, eq. 3',
  },
  {
    name: 'dselect-k',
    description: 'at most k experts, chosen by smooth binary codes',
    paper: 'Hazimeh et al., NeurIPS 2021',
  },
  {
    name: 'gumbel',
    description: 'one expert, drawn by Gumbel-softmax in training',
    paper: 'Jang et al., ICLR 2017, eq. 2',
  },
  { name: 'select', description: 'each expert taken or skipped, drawn in training', paper: 'Sun et al., NeurIPS 2020' },
  {
    name: 'hard-concrete',
    description: 'weights in [0, 1] that training can close for good',
    paper: 'Louizos et al., ICLR 2018, eq. 10',
  },
  {
    name: 'attention',
    description: "a query of the task against keys of the experts' outputs",
    paper: 'Vaswani et al., NeurIPS 2017, eq. 1',
  },
  {
    name: 'mask',
    description: "a sigmoid for each feature of each expert's output",
    paper: 'Liu et al., CVPR 2019, eq. 1',
  },
  { name: 'sum', description: 'the sum of other gates, as AdaTT has it', paper: 'Li et al., KDD 2023, eq. 11' },
];
