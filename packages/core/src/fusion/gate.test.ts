import { describe, expect, it } from 'vitest';
import { tinyGate } from '../testing/tiny.ts';
import { defineGate, seeing, sumGate, termsOf, type GateSpec } from './gate.ts';

const half = defineGate('test-half-of-all', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));

describe('gates in sums', () => {
  it('lists the terms of sums in sums', () => {
    const terms = [half(), tinyGate(), half({ sees: 'own' })];
    expect(termsOf(sumGate(terms[0]!, sumGate(terms[1]!, terms[2]!)))).toEqual(terms);
    expect(termsOf(terms[0]!)).toEqual([terms[0]]);
  });

  it('gives a visibility to those that have none', () => {
    const visibilities = (gate: GateSpec) =>
      termsOf(seeing('own', gate)).map(({ config }) => (config as { sees: unknown }).sees);
    expect(visibilities(half())).toEqual(['own']);
    expect(visibilities(half({ sees: 'all' }))).toEqual(['all']);
    expect(visibilities(sumGate(half({ sees: 'own+shared' }), tinyGate()))).toEqual(['own+shared', 'own']);
  });

  it('refuses an empty sum, also one from a file, and a sum of other things', () => {
    expect(() => sumGate()).toThrow('Expected a list of 1 or more for sum.gates, received [].');
    expect(() => termsOf({ kind: 'gate', name: 'sum', config: {} })).toThrow(
      'Expected a list of 1 or more for sum.gates, received nothing',
    );
    expect(() => termsOf({ kind: 'gate', name: 'sum', config: { gates: [4] } })).toThrow(
      'Expected a gate for sum.gates[0], received 4.',
    );
  });

  it('keeps the name of sums for sums', () => {
    expect(() => defineGate('sum', () => ({ reads: 'nothing', apply: (x) => x }))).toThrow(
      'received "sum", which is taken',
    );
  });
});
