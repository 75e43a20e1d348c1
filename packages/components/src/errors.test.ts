import { describe, expect, it } from 'vitest';
import { fail, PolytaskError, shown, suggestion } from './errors.ts';

describe('errors', () => {
  it('say what was expected, what was received and how to fix it', () => {
    const call = () => fail({ expected: 'a positive count', received: '-1', fix: 'Pass 1 or more.' });
    expect(call).toThrow(PolytaskError);
    expect(call).toThrow('Expected a positive count, received -1. Pass 1 or more.');
  });

  it('suggest the nearest name, or list all when none is near', () => {
    expect(suggestion('addatt', ['adatt', 'ple'])).toBe('Did you mean "adatt"?');
    expect(suggestion('transformer', ['adatt', 'ple'])).toBe('Known: "adatt", "ple".');
    expect(suggestion({ toString: 1 }, ['adatt'])).toBe('Known: "adatt".');
    expect(suggestion('x', [])).toBe('None is known.');
    const many = Array.from({ length: 300_000 }, (_, i) => `k${i}`);
    expect(suggestion('k1999x', many)).toBe('Did you mean "k1999"?');
    expect(suggestion('long name', many)).toMatch(/^Known: "k0", .*"k199" and others\.$/);
  });

  it('show the start of a long value', () => {
    const cut = (text: string) => `${text.slice(0, 79)}…`;
    expect(shown('x'.repeat(1e6))).toBe(cut(`"${'x'.repeat(80)}`));
    expect(shown([new Array(1e6).fill(1)])).toBe(cut(`[[${'1,'.repeat(40)}`));
    expect(shown(['x'.repeat(76)])).toBe(`["${'x'.repeat(76)}"]`);
  });
});
