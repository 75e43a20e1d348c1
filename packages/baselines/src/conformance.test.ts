import { embed, type NetworkSpec } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { softmaxGate } from '@polytask/gating';
import { testModel, untested, type NetworkSource, type OptionsFor } from '@polytask/testing';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import {
  adaptDhm,
  adaShare,
  aitm,
  boostedTrees,
  branched,
  cgc,
  crossStitch,
  dbmtl,
  dcmt,
  ensemble,
  ensembleInput,
  escm2,
  esmm,
  hinet,
  home,
  learnedBranching,
  m3oe,
  mmoe,
  mtan,
  multiTab,
  noFusion,
  omoe,
  pepnet,
  ple,
  relationshipNetwork,
  sarNet,
  sharedBottom,
  singleTask,
  sluice,
  snrAver,
  snrTrans,
  softOrdering,
  star,
  stem,
  uberNet,
  type FunnelNetworkOptions,
} from './index.ts';

const experts = mlp([4], { activation: 'tanh' });
const levels = <L extends object>(level: L) => ({
  levels: [
    { experts, ...level },
    { experts, ...level },
  ],
});

/** A funnel from `a` to `b`; a task alone has none. */
const funneled =
  (network: (config: FunnelNetworkOptions) => NetworkSpec) =>
  (tasks: readonly string[]): NetworkSpec =>
    tasks.includes('b') ? network({ ...levels({}), funnel: ['a', 'b'] }) : singleTask(levels({}));

/** Features with a scenario. */
const scenarios: Pick<OptionsFor<typeof testModel>, 'context' | 'features'> = {
  context: ['tab'],
  features: { x: { kind: 'vector', width: 3 }, tab: { kind: 'categorical', vocabulary: ['home', 'search'] } },
};

/** Every model of the package, in two levels where it can have them. A new one is a row here. */
const MODELS: readonly (OptionsFor<typeof testModel> & { name: string; network: NetworkSource })[] = [
  { name: 'noFusion', network: noFusion(), tower: experts },
  { name: 'singleTask', network: singleTask(levels({})) },
  { name: 'sharedBottom', network: sharedBottom(levels({})) },
  {
    name: 'ensemble',
    network: ensemble({
      members: [
        { network: mmoe({ levels: [{ experts, pool: 3 }] }), tower: experts },
        { network: crossStitch(levels({})) },
        { network: noFusion() },
      ],
    }),
    input: ensembleInput({ members: [embed(), embed(), embed()] }),
  },
  { name: 'crossStitch', network: crossStitch(levels({})) },
  { name: 'mmoe', network: mmoe({ levels: [{ experts, pool: 3 }] }) },
  {
    name: 'mmoe, hidden gate and a tower',
    network: mmoe({ levels: [{ experts, pool: 3, gate: softmaxGate({ reads: 'raw', hidden: [3] }) }] }),
    tower: experts,
  },
  {
    name: 'multi-level mmoe',
    network: mmoe({
      levels: [
        { experts, pool: 3 },
        { experts, pool: 2 },
      ],
    }),
  },
  { name: 'cgc', network: cgc({ experts, perTask: 2 }) },
  { name: 'ple', network: ple(levels({ perTask: 2, shared: 1 })) },
  {
    name: 'ple, uneven',
    network: (tasks) => ple(levels({ perTask: counts(tasks, [1, 3, 2]), shared: 2 })),
  },
  { name: 'ple, nothing shared', network: ple(levels({ perTask: 2, shared: 0 })) },
  { name: 'omoe', network: omoe(levels({ pool: 3 })) },
  { name: 'sluice', network: sluice(levels({})) },
  { name: 'mtan', network: mtan({ ...levels({}), hidden: 5 }) },
  { name: 'snr-aver', network: snrAver(levels({ pool: 3 })) },
  { name: 'snr-trans', network: snrTrans(levels({ pool: 3 })) },
  {
    name: 'soft ordering',
    network: softOrdering({ encoder: experts, experts, layers: 2, depth: 3 }),
  },
  { name: 'ada-share', network: adaShare({ encoder: experts, experts, blocks: 2 }) },
  { name: 'uber-net', network: uberNet({ ...levels({}), units: 4 }) },
  { name: 'multi-tab', network: multiTab({ dimension: 4, heads: 2, hidden: 3, blocks: 2 }), ...scenarios },
  { name: 'pepnet', network: pepnet({ ...levels({}), hidden: 5 }) },
  {
    name: 'pepnet, with a context and a prior',
    network: pepnet({ ...levels({}), prior: ['user', 'recent'], hidden: 5 }),
    context: ['tab'],
    features: {
      x: { kind: 'vector', width: 3 },
      tab: { kind: 'categorical', vocabulary: ['home', 'search'] },
      user: { kind: 'hashed', buckets: 6, quotients: 2, vectors: 2 },
      recent: {
        kind: 'id-sequence',
        values: { kind: 'shared', with: 'tab' },
        separator: '|',
        maxLength: 2,
        pooling: 'mean',
      },
    },
  },
  { name: 'star', network: star({ units: [5, 4] }), ...scenarios },
  {
    name: 'adapt-dhm',
    network: adaptDhm({ units: [5, 4], clusters: 2 }),
    features: scenarios.features!, // the routing stops the gradient to the embeddings
  },
  { name: 'sar-net', network: sarNet({ expert: experts, shared: 2 }), ...scenarios },
  { name: 'hinet', network: hinet({ scenario: experts, task: experts }), ...scenarios },
  { name: 'm3oe', network: m3oe({ extraction: 4, expert: experts, tower: experts, shared: 2 }), ...scenarios },
  { name: 'stem', network: stem(levels({ perTask: 2 })) },
  {
    name: 'home',
    network: (tasks) =>
      home({
        groups: [['a'], ['b', 'c']]
          .map((group) => group.filter((task) => tasks.includes(task)))
          .filter((group) => group.length > 0),
        meta: { experts, shared: 2 },
        tasks: { experts, perTask: 2 },
      }),
  },
  { name: 'esmm', network: funneled(esmm) },
  { name: 'aitm', network: funneled(aitm) },
  { name: 'escm2, ips', network: funneled(escm2) },
  { name: 'escm2, dr', network: funneled((of) => escm2({ ...of, estimator: 'dr' })) },
  { name: 'dcmt', network: funneled(dcmt) },
  { name: 'dbmtl', network: funneled((of) => dbmtl({ ...of, relation: experts })) },
  {
    name: 'branched',
    network: (tasks) => branched({ ...levels({}), branches: [[tasks], tasks.map((task) => [task])] }),
  },
  { name: 'learned branching', network: learnedBranching(levels({ nodes: 2 })) },
  {
    name: 'relationship network',
    network: relationshipNetwork({ shared: [{ experts }], ...levels({}) }),
  },
];

/** How many experts each of the tasks `a`, `b` and `c` has. */
const counts = (tasks: readonly string[], perTask: readonly number[]) =>
  Object.fromEntries(tasks.map((task) => [task, perTask['abc'.indexOf(task)]!]));

runner.it('has a row for every model of the package', () => {
  const specs = MODELS.map(({ network }) => (typeof network === 'function' ? network(['a', 'b']) : network));
  specs.push(boostedTrees({})); // learns nothing by gradients: boosting/boosted-trees.test.ts
  runner.expect(untested('network', specs, ['@polytask/core', '@polytask/baselines'])).toEqual([]);
});

MODELS.forEach(({ network, ...options }, row) => testModel(network, { ...options, runner: dealt(runner, row) }));
