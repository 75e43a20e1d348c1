import type { Entry } from './entry.ts';

/** What the gates of `@polytask/gating` are. */
export const gates: readonly Entry[] = [
  {
    name: 'softmax',
    description: "a softmax over the experts that a lane sees, on the lane's vector or the network's input",
    paper: 'Ma et al., KDD 2018, eq. 8; Li et al., KDD 2023, eq. 5',
  },
  {
    name: 'constant',
    description: 'learned weights that do not depend on the input',
    paper: 'Misra et al., CVPR 2016, eq. 1; Li et al., KDD 2023, eq. 7',
  },
  { name: 'identity', description: 'weight 1 for each expert that a lane sees' },
  { name: 'sum', description: 'the sum of other gates, as AdaTT has it', paper: 'Li et al., KDD 2023, eq. 11' },
];
