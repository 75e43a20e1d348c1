import { expect, test } from 'vitest';
import { withDefaults } from './defaults.js';

test('docstrings of options end with their defaults', () => {
  const source = [
    'const options = {',
    '  /** The steepness. */',
    '  alpha: optional(positive, 1.5),',
    '  /**',
    '   * Of each layer.',
    '   * All layers have one.',
    '   */',
    "  activation: checks.optional(name, 'relu'),",
    '  /** Twice alpha. */',
    '  beta: optional(positive, ({ alpha }) => 2 * alpha),',
    '  /** Without it, none. */',
    '  gamma: optional(positive),',
    '};',
  ].join('\n');
  expect(withDefaults(source, 'a.ts').replace(/\s+/g, ' ')).toBe(
    source
      .replace('steepness. */', 'steepness. Default `1.5`. */')
      .replace('have one.\n   */', 'have one. Default `relu`. */')
      .replace(/\s+/g, ' '),
  );
});
