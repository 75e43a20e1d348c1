import {
  adaShare,
  aitm,
  branched,
  esmm,
  home,
  learnedBranching,
  mtan,
  omoe,
  pepnet,
  relationshipNetwork,
  sharedBottom,
  sluice,
  snrAver,
  snrTrans,
  softOrdering,
  stem,
  uberNet,
} from '@polytask/baselines';
import { fail } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { withShared } from './expert-budget.ts';
import type { ModelRow, ModelSize } from './model-row.ts';
import { deep, levels } from './parts.ts';

type RelatedRow = Omit<ModelRow, 'onlyNamed'>;

/** Systems that the AdaTT paper names without measuring them, and later ones. A bench trains those that it is told to. */
const rows: readonly RelatedRow[] = [
  {
    name: 'omoe',
    description: 'a pool of deep experts, one gate for all tasks',
    paper: 'Ma et al., KDD 2018, eq. 5',
    build: (size) => deep(size, omoe({ levels: [{ experts: mlp(size.levels), pool: size.experts }] })),
  },
  {
    name: 'sluice',
    description:
      'sluice network: layers in two orthogonal halves, mixed over tasks and levels by learned matrices; all levels of the first width',
    paper: 'Ruder et al., AAAI 2019',
    build: (size) =>
      deep(size, sluice({ levels: size.levels.map(() => ({ experts: mlp([Math.ceil(widest(size) / 2)]) })) })),
  },
  {
    name: 'mtan',
    description: 'layers that all tasks share under masks of their own, a weight for each feature',
    paper: 'Liu et al., CVPR 2019',
    build: (size) => deep(size, mtan({ levels: levels(size) })),
  },
  {
    name: 'snr-aver',
    description: 'sub-networks connected by hard-concrete gates, exactly 0 where training closed them',
    paper: 'Ma et al., AAAI 2019',
    build: (size) => deep(size, snrAver({ levels: levels(size, { pool: size.experts }) })),
  },
  {
    name: 'snr-trans',
    description: 'snr-aver with a matrix for each connection',
    paper: 'Ma et al., AAAI 2019',
    build: (size) => deep(size, snrTrans({ levels: levels(size, { pool: size.experts }) })),
  },
  {
    name: 'soft-ordering',
    description:
      'layers that are used again at every depth, in an order of each task by softmax; all of the first width',
    paper: 'Meyerson & Miikkulainen, ICLR 2018',
    build: (size) =>
      deep(
        size,
        softOrdering({
          encoder: mlp([widest(size)]),
          experts: mlp([widest(size)]),
          layers: 3,
          depth: size.levels.length,
        }),
      ),
  },
  {
    name: 'ada-share',
    description: 'residual blocks that each task selects or skips; all of the first width',
    paper: 'Sun et al., NeurIPS 2020',
    build: (size) =>
      deep(
        size,
        adaShare({ encoder: mlp([widest(size)]), experts: mlp([widest(size)]), blocks: 2 * size.levels.length }),
      ),
  },
  {
    name: 'uber-net',
    description: 'a shared trunk, every level of which feeds every task',
    paper: 'Kokkinos, CVPR 2017',
    build: (size) => deep(size, uberNet({ levels: levels(size), units: size.levels.at(-1) ?? 1 })),
  },
  {
    name: 'pepnet',
    description: "each task's layers gated feature by feature, by the input",
    paper: 'Chang et al., KDD 2023',
    build: (size) => deep(size, pepnet({ levels: levels(size) })),
  },
  {
    name: 'stem',
    description:
      "embeddings of each task's own beside shared ones; gates over all experts, of which a task trains its own and the shared",
    paper: 'Su et al., AAAI 2024',
    build: (size, tasks) => deep(size, stem({ levels: levels(size, withShared(size.experts, tasks.length)) })),
  },
  {
    name: 'home',
    description: 'a hierarchy of experts: of all, of each half of the tasks, of each task; gates and self-gates',
    paper: 'Wang et al. 2024',
    build(size, tasks) {
      const half = Math.ceil(tasks.length / 2);
      const expert = (widths: readonly number[]) => mlp(widths, { norm: 'batch', activation: 'swish' });
      const [first, ...rest] = size.levels;
      return deep(
        size,
        home({
          groups: [tasks.slice(0, half), tasks.slice(half)].filter((group) => group.length > 0),
          meta: { experts: expert([first!]) },
          tasks: { experts: expert(rest.length > 0 ? rest : [first!]) },
        }),
      );
    },
  },
  {
    name: 'esmm',
    description:
      'the tasks, in their order, as steps of a funnel: each is predicted as the product of the steps up to it',
    paper: 'Ma et al., SIGIR 2018',
    build: (size, tasks) => deep(size, esmm({ levels: levels(size), funnel: steps(tasks) })),
  },
  {
    name: 'aitm',
    description: 'the tasks, in their order, as steps of a funnel: each attends to what the step before sends',
    paper: 'Xi et al., KDD 2021',
    build: (size, tasks) => deep(size, aitm({ levels: levels(size), funnel: steps(tasks) })),
  },
  {
    name: 'branched',
    description: 'a tree of layers: all tasks together, and each alone at the last level',
    paper: 'Vandenhende et al., BMVC 2020',
    build(size, tasks) {
      const last = size.levels.length - 1;
      return deep(
        size,
        branched({
          levels: levels(size),
          branches: size.levels.map((_, l) => (l === last ? tasks.map((task) => [task]) : [tasks])),
        }),
      );
    },
  },
  {
    name: 'learned-branching',
    description:
      'a tree of layers that is learned: each node draws its parent by Gumbel-softmax, and takes the likeliest at the end',
    paper: 'Guo et al., ICML 2020',
    build: (size, tasks) =>
      deep(size, learnedBranching({ levels: levels(size, { nodes: tasks.length }), temperature: 2, decay: 0.998 })),
  },
  {
    name: 'relationship-network',
    alias: 'mrn',
    description:
      "shared layers, then one of each task's own under a tensor-normal prior with a learned covariance of the tasks",
    paper: 'Long et al., NeurIPS 2017',
    build: (size) =>
      deep(size, relationshipNetwork({ shared: levels(size).slice(0, -1), levels: levels(size).slice(-1) })),
  },
  {
    name: 'self-auxiliaries',
    description:
      'shared-bottom with a linear second head for each task that only trains: what serves it has to be in the shared layers',
    paper: 'Wang et al., WWW 2022',
    build: (size) => ({ ...deep(size, sharedBottom({ levels: levels(size) })), selfAuxiliaries: { weight: 0.1 } }),
  },
];

export const relatedModels: readonly ModelRow[] = rows.map((row) => ({ ...row, onlyNamed: true }));

/** The width of layers that have to be of one. */
const widest = ({ levels: widths }: ModelSize): number => widths[0] ?? 1;

function steps(tasks: readonly string[]): readonly string[] {
  if (tasks.length > 1) return tasks;
  return fail({
    expected: 'two or more tasks, the steps of a funnel',
    received: tasks.join(', '),
    mend: 'Leave esmm and aitm out for a single task.',
  });
}
