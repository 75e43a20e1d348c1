import type { GateSpec } from '@polytask/core';
import { testGate, untested, type GateOptions } from '@polytask/testing';
import * as runner from 'vitest';
import { constantGate, identityGate, softmaxGate, sum } from './index.ts';

/** Every gate of the package. A new one is a row here. */
const GATES: readonly (GateOptions & { spec: GateSpec })[] = [
  { name: 'softmax', spec: softmaxGate(), normalised: true },
  { name: 'softmax on the raw input', spec: softmaxGate({ reads: 'raw', temperature: 2 }), normalised: true },
  { name: 'softmax, hidden', spec: softmaxGate({ hidden: [4], activation: 'tanh' }), normalised: true },
  { name: 'constant', spec: constantGate() },
  { name: 'constant, near the identity', spec: constantGate({ init: 'near-identity' }), random: false },
  { name: 'identity', spec: identityGate(), learned: false },
  { name: 'sum: AdaTT', spec: sum(softmaxGate({ sees: 'all' }), constantGate({ sees: 'own' })) },
  { name: 'sum of sums', spec: sum(sum(softmaxGate(), identityGate()), softmaxGate({ reads: 'raw' })) },
];

runner.it('has a row for every gate of the package', () => {
  runner.expect(untested('gate', GATES.map(({ spec }) => spec))).toEqual([]);
});

for (const { spec, ...options } of GATES) testGate(spec, { ...options, runner });
