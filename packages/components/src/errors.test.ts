import { describe, expect, it } from 'vitest';
import { fail, PolytaskError, suggestion } from './errors.ts';

describe('errors', () => {
  it('say what was expected, what was received and how to mend it', () => {
    const call = () => fail({ expected: 'a positive count', received: '-1', mend: 'Pass 1 or more.' });
    expect(call).toThrow(PolytaskError);
    expect(call).toThrow('Expected a positive count, received -1. Pass 1 or more.');
  });

  it('suggest the nearest name, or list all when none is near', () => {
    expect(suggestion('addatt', ['adatt', 'ple'])).toBe('Did you mean "adatt"?');
    expect(suggestion('transformer', ['adatt', 'ple'])).toBe('Known: "adatt", "ple".');
    expect(suggestion({ toString: 1 }, ['adatt'])).toBe('Known: "adatt".');
    expect(suggestion('x', [])).toBe('None is known.');
  });
});
