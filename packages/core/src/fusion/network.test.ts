import { text } from '@polytask/components';
import { describe, expect, it } from 'vitest';
import { tinyExpert } from '../testing/tiny.ts';
import { defineGate, sumGate } from './gate.ts';
import {
  defineCompositeNetwork,
  defineNetwork,
  fusion,
  type FusionDeclaration,
  couplesOutputs,
  sharesLayers,
} from './network.ts';
import { definePenalty } from './penalty.ts';
import { tiedExperts } from './tied-bank.ts';
import { SHARED } from '../tasks/tasks.ts';
import { ownUnits, sharedUnit } from './units.ts';

const TASKS = ['a', 'b'];
const gate = defineGate('test-shares-gate', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const penalty = definePenalty('test-shares-penalty', () => () => {
  throw new Error('not run');
});
const configs = new Map<string, FusionDeclaration>();
const network = defineNetwork('test-shares-layers', ({ of }) => configs.get(of)!, { options: { of: text } });

function shares(config: FusionDeclaration): boolean | undefined {
  const of = `network ${configs.size}`;
  configs.set(of, config);
  return sharesLayers(network({ of }), TASKS);
}

const experts = tinyExpert({ units: 2 });
const own = { units: ownUnits(TASKS, 2), experts, outputs: TASKS, gate: gate({ sees: 'own' }) };

describe('sharesLayers', () => {
  it('is false where each task has experts, gates and lanes of its own, and without levels', () => {
    expect(shares(fusion([own, own]))).toBe(false);
    expect(shares(fusion([]))).toBe(false);
    expect(sharesLayers(network({ of: 'network 0' }), ['a'])).toBe(false);
  });

  it('is true where an expert reaches two tasks, on the last level or before', () => {
    expect(shares(fusion([{ ...own, gate: gate() }]))).toBe(true);
    expect(shares(fusion([{ ...own, gate: gate() }, own]))).toBe(true);
    expect(shares(fusion([{ ...own, gate: sumGate(gate({ sees: 'own' }), gate({ sees: 'all' })) }]))).toBe(true);
    const bottom = { ...own, units: sharedUnit(1), outputs: [SHARED], gate: gate() };
    const readsBottom = { ...own, units: ownUnits(TASKS).map((unit) => ({ ...unit, reads: [SHARED] })) };
    expect(shares(fusion([bottom, readsBottom]))).toBe(true);
  });

  it('is true where a gate of one task reads the lane of another', () => {
    expect(shares(fusion([own, { ...own, gateReads: { a: ['a', 'b'] } }]))).toBe(true);
  });

  it('is true for tied experts and penalties, and not for outputs that depend on each other', () => {
    expect(shares(fusion([{ ...own, tied: tiedExperts('layers') }]))).toBe(true);
    expect(shares(fusion([{ ...own, penalties: [penalty({})] }]))).toBe(true);
    expect(shares(fusion([own], { finish: (logits) => logits }))).toBe(false);
    expect(
      [configs.size - 2, configs.size - 1].map((i) => couplesOutputs(network({ of: `network ${i}` }), TASKS)),
    ).toEqual([false, true]);
  });

  it('is false for the shared experts that no task sees', () => {
    expect(shares(fusion([{ ...own, units: [...own.units, ...sharedUnit(2)] }]))).toBe(false);
    expect(
      shares(fusion([{ ...own, units: [...own.units, ...sharedUnit(2)], gate: gate({ sees: 'own+shared' }) }])),
    ).toBe(true);
  });

  it('is not known for an architecture of other networks', () => {
    const composite = defineCompositeNetwork('test/composite', () => expect.fail('is not built'));
    expect(sharesLayers(composite({}), ['a', 'b'])).toBeUndefined();
  });
});
