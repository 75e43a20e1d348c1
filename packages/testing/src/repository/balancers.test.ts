import * as api from '@polytask/balancing';
import { randomDraws, randomStream } from '@polytask/core';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { testBalancer, type BalancerCaseOptions, type BalancerSource } from '../balancers/balancer-cases.ts';
import { untested } from '../cases/case.ts';

const multiple = { exact: false };
const unscaled = { scaleInvariant: true };

/** Every balancer. A new one is a row here. */
const BALANCERS: readonly (readonly [BalancerSource, BalancerCaseOptions?])[] = [
  [api.equalWeights()],
  [(tasks) => api.staticWeights(tasks.map(() => 2)), multiple],
  [api.decayingWeights({ rate: 0.9 }), multiple],
  [api.rlw(), { random: true, orderless: 1 }],
  [api.dwa()],
  [api.uw(), multiple],
  [api.imtlL(), multiple],
  [api.famo(), unscaled],
  [api.gls(), unscaled],
  [api.stch(), { ...unscaled, ...multiple }],
  [api.go4Align()],
  [api.plainSum()],
  [api.mgda()],
  [api.mgda({ normalize: 'norm' }), { ...unscaled, name: 'mgda of units' }],
  [api.pcGrad(), { random: true, orderless: 2 }],
  [api.upGrad()],
  [api.dualProj()],
  [api.caGrad()],
  [api.nashMtl(), unscaled],
  [api.imtlG(), unscaled],
  [api.alignedMtl()],
  [api.gradNorm()],
  [api.gradVac(), { random: true, orderless: 2 }],
  [api.fairGrad()],
  [api.conFig(), unscaled],
  [api.dbMtl(), { ...unscaled, ...multiple }],
  [api.excessMtl()],
  [api.rotoGradScale(), unscaled],
  [api.rotoGrad(), unscaled],
  [api.gradDrop(), { random: true }],
];

const specOf = (source: BalancerSource) => (typeof source === 'function' ? source(['a', 'b', 'c']) : source);

runner.it('has a row for every balancer', () => {
  const specs = BALANCERS.map(([source]) => specOf(source));
  runner.expect(untested('balancer', specs, ['@polytask/balancing'])).toEqual([]);
  runner.expect(new Set(specs.map(({ name }) => name)).size).toBeGreaterThanOrEqual(18);
});

const SLOW = [
  ['a fit is finite, and the same on both engines'],
  ['a killed fit goes on bit for bit'],
  ['predictions stay the same: CSV, fit, save, load'],
];

BALANCERS.forEach(([source, options], row) => testBalancer(source, { ...options, runner: dealt(runner, SLOW, row) }));

runner.it("random weights differ: their order is the stream's", () => {
  const balancer = api.createBalancer(api.rlw(), {
    tasks: ['a', 'b', 'c'],
    random: randomDraws(randomStream(1, 'b')),
  });
  runner.expect(new Set(balancer.weights({ step: 0, epoch: 0 })).size).toBe(3);
});
