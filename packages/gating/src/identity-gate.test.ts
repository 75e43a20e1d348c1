import { plain, tinyLevel } from '@polytask/testing';
import { TINY_SEES, TINY_UNITS } from '@polytask/testing/internal';
import { describe, expect, it } from 'vitest';
import { identityGate } from './identity-gate.ts';

const { expertOutputs, fuse } = plain;

describe('identityGate', () => {
  it.each(['all', 'own', 'own+shared'] as const)('is 1 where a unit sees an expert, 0 elsewhere: %s', (sees) => {
    const level = tinyLevel(identityGate({ sees }));
    const { gated, constant } = level.weights();
    expect(gated).toBeUndefined();
    expect(constant).toEqual(TINY_SEES[sees].map((row) => [[...row]]));
    const next = level.apply();
    const experts = expertOutputs(level);
    TINY_UNITS.forEach(({ name }, u) =>
      next[name]!.flat().forEach((value, i) => expect(value).toBeCloseTo(fuse(constant![u]!, experts).flat()[i]!, 5)),
    );
  });

  it('passes a single expert on as it is, without a product', () => {
    const units = [
      { name: 'a', kind: 'own', experts: 1 },
      { name: 'b', kind: 'own', experts: 1 },
    ] as const;
    const level = tinyLevel(identityGate({ sees: 'own' }), { units });
    const experts = expertOutputs(level);
    Object.values(level.apply()).forEach((rows, u) =>
      rows.flat().forEach((value, i) => expect(value).toBeCloseTo(experts[u]!.flat()[i]!, 6)),
    );
    expect(level.weights().constant).toEqual([[[1, 0]], [[0, 1]]]);
  });

  it('has no parameters', () => {
    expect(
      tinyLevel(identityGate())
        .store.all()
        .every(({ name }) => name.startsWith('l.experts')),
    ).toBe(true);
  });

  it('refuses options', () => {
    expect(() => identityGate({ start: 'even' } as object)).toThrow('Expected an option of identity, received "start"');
  });
});
