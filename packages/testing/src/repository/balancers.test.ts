import * as api from '@polytask/balancing';
import { randomDraws, randomStream } from '@polytask/core';
import * as runner from 'vitest';
import { dealt } from '../../../../cases.base.ts';
import { testBalancer, type BalancerSource } from '../kinds/balancer.ts';
import { untested } from '../cases/case.ts';

/** Every balancer. A new one is a row here. */
const BALANCERS: readonly (readonly [BalancerSource, { name: string }?])[] = [
  [api.equalWeights()],
  [(tasks) => api.staticWeights(tasks.map(() => 2))],
  [api.decayingWeights({ rate: 0.9 })],
  [api.rlw()],
  [api.dwa()],
  [api.uw()],
  [api.imtlL()],
  [api.famo()],
  [api.gls()],
  [api.stch()],
  [api.go4Align()],
  [api.plainSum()],
  [api.mgda()],
  [api.mgda({ normalize: 'norm' }), { name: 'mgda of units' }],
  [api.pcGrad()],
  [api.upGrad()],
  [api.dualProj()],
  [api.caGrad()],
  [api.nashMtl()],
  [api.imtlG()],
  [api.alignedMtl()],
  [api.gradNorm()],
  [api.gradVac()],
  [api.fairGrad()],
  [api.conFig()],
  [api.dbMtl()],
  [api.excessMtl()],
  [api.rotoGradScale()],
  [api.rotoGrad()],
  [api.gradDrop()],
];

const specOf = (source: BalancerSource) => (typeof source === 'function' ? source(['a', 'b', 'c']) : source);

runner.it('has a row for every balancer', () => {
  const specs = BALANCERS.map(([source]) => specOf(source));
  runner.expect(untested('balancer', specs, ['@polytask/balancing'])).toEqual([]);
  runner.expect(new Set(specs.map(({ name }) => name)).size).toBeGreaterThanOrEqual(18);
});

BALANCERS.forEach(([source, options], row) => testBalancer(source, { ...options, runner: dealt(runner, row) }));

runner.it("random weights differ: their order is the stream's", () => {
  const balancer = api.createBalancer(api.rlw(), {
    tasks: ['a', 'b', 'c'],
    random: randomDraws(randomStream(1, 'b')),
  });
  runner.expect(new Set(balancer.weights({ step: 0, epoch: 0 })).size).toBe(3);
});
