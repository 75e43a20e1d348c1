import type { GateSpec } from '@polytask/core';
import { testGate, untested, type OptionsFor } from '@polytask/testing';
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
const GATES: readonly (OptionsFor<typeof testGate> & { spec: GateSpec })[] = [
  { name: 'softmax', spec: softmaxGate() },
  { name: 'softmax on the raw input', spec: softmaxGate({ reads: 'raw', temperature: 2 }) },
  { name: 'softmax, hidden', spec: softmaxGate({ hidden: [4], activation: 'tanh' }) },
  { name: 'constant', spec: constantGate() },
  { name: 'constant, near the identity', spec: constantGate({ start: 'near-identity' }) },
  { name: 'identity', spec: identityGate() },
  { name: 'softmax of learned scores', spec: softmaxGate({ reads: 'nothing' }) },
  { name: 'sigmoid', spec: sigmoidGate() },
  { name: 'sigmoid of learned scores', spec: sigmoidGate({ reads: 'nothing' }) },
  { name: 'entmax', spec: entmaxGate() },
  { name: 'sparsemax on the raw input', spec: entmaxGate({ alpha: 2, reads: 'raw' }) },
  { name: 'noisy top-k', spec: noisyTopKGate() },
  { name: 'cosine', spec: cosineGate({ units: 4 }) },
  { name: 'expert choice', spec: expertChoiceGate() },
  { name: 'expert choice on the raw input', spec: expertChoiceGate({ reads: 'raw', capacity: 1 }) },
  { name: 'dselect-k', spec: dselectKGate({ entropy: 0.01 }) },
  { name: 'dselect-k a row', spec: dselectKGate({ reads: 'unit', k: 3 }) },
  { name: 'gumbel', spec: gumbelGate() },
  { name: 'gumbel of learned scores', spec: gumbelGate({ reads: 'nothing', temperature: 2 }) },
  { name: 'select', spec: selectGate({ sparsity: 0.1, sharing: 0.1 }) },
  { name: 'hard-concrete', spec: hardConcreteGate({ l0: 0.1 }) },
  { name: 'attention', spec: attentionGate() },
  { name: 'attention of learned queries', spec: attentionGate({ query: 'learned', units: 2 }) },
  { name: 'attention among experts', spec: attentionGate({ query: 'expert' }) },
  { name: 'feature', spec: featureGate({ feature: 'x' }), features: ['x'] },
  { name: 'mask', spec: maskGate() },
  {
    name: 'mask by features, with a context',
    spec: maskGate({ reads: 'raw', features: ['user', 'tab'], context: true, detach: true }),
    features: ['user', 'tab'],
  },
  { name: 'mask on the raw input, hidden', spec: maskGate({ reads: 'raw', hidden: [4], scale: 2 }) },
  { name: 'sum: AdaTT', spec: sumGate(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })) },
  { name: 'sum of sums', spec: sumGate(sumGate(softmaxGate(), identityGate()), softmaxGate({ reads: 'raw' })) },
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

GATES.forEach(({ spec, ...options }, row) => testGate(spec, { ...options, runner: dealt(runner, row) }));
