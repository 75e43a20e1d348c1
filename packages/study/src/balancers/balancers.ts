import * as balancing from '@polytask/balancing';
import type { BalancerRow } from './balancer-row.ts';

/** The plain sum with the tasks' own weights: it is in every comparison. */
export const CONTROL: BalancerRow = {
  name: 'equal',
  description: "the plain sum of the losses, with the tasks' own weights: the control",
};

/** What a balancer has to beat: weights that are found by trying. It is wherever balancers are compared. */
export const TUNED: BalancerRow = {
  name: 'tuned-weights',
  description: 'the plain sum with weights that did best on the validation rows: the tuned control',
  paper: 'Kurin et al., NeurIPS 2022',
  tuned: true,
};

const named: readonly (BalancerRow & Required<Pick<BalancerRow, 'spec'>>)[] = [
  {
    name: 'plain-sum',
    description: 'the control with its gradients measured, at the cost of a Gramian method',
    spec: balancing.plainSum(),
  },
  {
    name: 'decaying-weights',
    description: "PLE's schedule, at one rate: all weights shrink by a tenth each epoch",
    paper: 'Tang et al., RecSys 2020',
    spec: balancing.decayingWeights({ rate: 0.9 }),
  },
  {
    name: 'random-weights',
    description: 'a softmax of normal numbers, drawn each step',
    paper: 'Lin et al., TMLR 2022',
    spec: balancing.randomWeights(),
  },
  {
    name: 'dynamic-weight-average',
    alias: 'dwa',
    description: 'by how fast losses fell in the last two epochs',
    paper: 'Liu et al., CVPR 2019',
    spec: balancing.dynamicWeightAverage(),
  },
  {
    name: 'uncertainty-weights',
    description: 'learned log-variances',
    paper: 'Kendall et al., CVPR 2018',
    spec: balancing.uncertaintyWeights(),
  },
  {
    name: 'imtl-loss',
    description: 'learned scales that make all losses 1',
    paper: 'Liu et al., ICLR 2021',
    spec: balancing.imtlLoss(),
  },
  {
    name: 'famo',
    description: 'logarithms of losses fall equally fast',
    paper: 'Liu et al., NeurIPS 2023',
    spec: balancing.famo(),
  },
  {
    name: 'mgda',
    description: "the shortest vector of the gradients' hull",
    paper: 'Sener & Koltun, NeurIPS 2018',
    spec: balancing.mgda(),
  },
  {
    name: 'pcgrad',
    description: 'what is against another gradient is taken away',
    paper: 'Yu et al., NeurIPS 2020',
    spec: balancing.pcGrad(),
  },
  {
    name: 'cagrad',
    description: "the worst task's gain, near the mean gradient",
    paper: 'Liu et al., NeurIPS 2021',
    spec: balancing.caGrad(),
  },
  {
    name: 'nash-mtl',
    description: 'the bargain in which all tasks gain the same share',
    paper: 'Navon et al., ICML 2022',
    spec: balancing.nashMtl(),
  },
  {
    name: 'imtl-gradient',
    description: 'equal projections on all gradients',
    paper: 'Liu et al., ICLR 2021',
    spec: balancing.imtlGradient(),
  },
  {
    name: 'aligned-mtl',
    description: 'orthogonal gradients of one length',
    paper: 'Senushkin et al., CVPR 2023',
    spec: balancing.alignedMtl(),
  },
  {
    name: 'gradnorm',
    description: 'weights learned until norms fit the training rates',
    paper: 'Chen et al., ICML 2018',
    spec: balancing.gradNorm(),
  },
  {
    name: 'rotograd-scale',
    description: 'one length for all gradients',
    paper: 'Javaloy & Valera, ICLR 2022',
    spec: balancing.rotoGradScale(),
  },
  {
    name: 'rotograd@representation',
    alias: 'rotograd',
    description: 'one length for all gradients, and rotations of what heads read that turn them the same way',
    paper: 'Javaloy & Valera, ICLR 2022',
    spec: balancing.rotoGrad(),
  },
  {
    name: 'graddrop',
    description: 'one sign survives in each number',
    paper: 'Chen et al., NeurIPS 2020',
    spec: balancing.gradDrop(),
  },
];

/** All that `--balancers` knows; each Gramian method a second time, on the representation, if it isn't there alone. A new balancer is a row here. */
export const balancers: readonly BalancerRow[] = [
  CONTROL,
  TUNED,
  ...named.flatMap((row): BalancerRow[] => {
    if (row.spec.contract !== 'gramian' || row.spec.of === 'representation') return [row];
    const { alias: _, ...rest } = row;
    const description = `${row.description}; one pass through the trunk`;
    return [
      row,
      { ...rest, name: `${row.name}@representation`, description, spec: { ...row.spec, of: 'representation' } },
    ];
  }),
];

/** What a trial's model is called: the model alone under the control. */
export const balancedName = (model: string, { name }: BalancerRow): string =>
  name === CONTROL.name ? model : `${model} + ${name}`;

/** The model of such a name. */
export const modelOfName = (name: string): string => name.split(' + ')[0]!;
