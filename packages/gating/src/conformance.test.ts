import type { GateSpec } from '@polytask/core';
import { testGate, untested, type GateCaseOptions } from '@polytask/testing';
import * as runner from 'vitest';
import { dealt } from '../../../cases.base.ts';
import {
  attentionGate,
  constantGate,
  cosineGate,
  dselectKGate,
  entmaxGate,
  expertChoiceGate,
  featureGate,
  gumbelGate,
  hardConcreteGate,
  identityGate,
  maskGate,
  noisyTopKGate,
  selectGate,
  sigmoidGate,
  softmaxGate,
  sumGate,
} from './index.ts';

/** Every gate of the package. A new one is a row here. */
const GATES: readonly (GateCaseOptions & { spec: GateSpec })[] = [
  { name: 'softmax', spec: softmaxGate(), normalized: true },
  { name: 'softmax on the raw input', spec: softmaxGate({ reads: 'raw', temperature: 2 }), normalized: true },
  { name: 'softmax, hidden', spec: softmaxGate({ hidden: [4], activation: 'tanh' }), normalized: true },
  { name: 'constant', spec: constantGate() },
  { name: 'constant, near the identity', spec: constantGate({ start: 'near-identity' }), random: false },
  { name: 'identity', spec: identityGate(), learned: false },
  { name: 'softmax of learned scores', spec: softmaxGate({ reads: 'nothing' }), normalized: true, random: false },
  { name: 'sigmoid', spec: sigmoidGate() },
  { name: 'sigmoid of learned scores', spec: sigmoidGate({ reads: 'nothing' }), random: false },
  { name: 'entmax', spec: entmaxGate(), normalized: true },
  { name: 'sparsemax on the raw input', spec: entmaxGate({ alpha: 2, reads: 'raw' }), normalized: true },
  { name: 'noisy top-k', spec: noisyTopKGate(), normalized: true },
  { name: 'cosine', spec: cosineGate({ units: 4 }), normalized: true },
  { name: 'expert choice', spec: expertChoiceGate() },
  { name: 'expert choice on the raw input', spec: expertChoiceGate({ reads: 'raw', capacity: 1 }) },
  { name: 'dselect-k', spec: dselectKGate({ entropy: 0.01 }), normalized: true },
  { name: 'dselect-k a row', spec: dselectKGate({ reads: 'unit', k: 3 }), normalized: true },
  { name: 'gumbel', spec: gumbelGate(), normalized: true },
  { name: 'gumbel of learned scores', spec: gumbelGate({ reads: 'nothing', temperature: 2 }), normalized: true },
  { name: 'select', spec: selectGate({ sparsity: 0.1, sharing: 0.1 }), random: false },
  { name: 'hard-concrete', spec: hardConcreteGate({ l0: 0.1 }) },
  { name: 'attention', spec: attentionGate(), normalized: true },
  { name: 'attention of learned queries', spec: attentionGate({ query: 'learned', units: 2 }), normalized: true },
  { name: 'attention among experts', spec: attentionGate({ query: 'expert' }), normalized: true },
  { name: 'feature', spec: featureGate({ feature: 'x' }), features: ['x'], learned: false },
  { name: 'mask', spec: maskGate() },
  {
    name: 'mask by features, with a context',
    spec: maskGate({ reads: 'raw', features: ['user', 'tab'], context: true, detach: true }),
    features: ['user', 'tab'],
    estimated: true,
  },
  { name: 'mask on the raw input, hidden', spec: maskGate({ reads: 'raw', hidden: [4], scale: 2 }) },
  { name: 'sum: AdaTT', spec: sumGate(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })) },
  { name: 'sum of sums', spec: sumGate(sumGate(softmaxGate(), identityGate()), softmaxGate({ reads: 'raw' })) },
];

/** Slow promises. The gradients of the compiled engine are compared for every row. */
const SLOW = [
  ['it learns in a model'],
  ['gradients agree with finite differences'],
  ['compiled it has the gradients that it has eagerly'],
  ['what a unit does not see has weight 0 and no gradient', 'it works in models of one, two and three tasks'],
];

runner.it('has a row for every gate of the package', () => {
  runner
    .expect(
      untested(
        'gate',
        GATES.map(({ spec }) => spec),
        ['@polytask/core', '@polytask/gating'],
      ),
    )
    .toEqual([]);
});

GATES.forEach(({ spec, ...options }, row) => testGate(spec, { ...options, runner: dealt(runner, SLOW, row) }));
