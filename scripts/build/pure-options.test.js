import { expect, test } from 'vitest';
import { withPureOptions } from './pure-options.js';

test('calls that describe options are pure, and no others', () => {
  const pure = '/* @__PURE__ */';
  expect(withPureOptions('const a = optional(checks.listOf(number({ above: 0 })), []);')).toBe(
    `const a = ${pure} optional(${pure} checks.listOf(${pure} number({ above: 0 })), []);`,
  );
  expect(withPureOptions('const b = custom<readonly string[]>((value) => value);')).toBe(
    `const b = ${pure} custom<readonly string[]>((value) => value);`,
  );
  expect(withPureOptions('const c = {\n  ...a,\n  x: optional(y),\n};')).toBe(
    `const c = ${pure} (() => ({\n  ...a,\n  x: ${pure} optional(y),\n}))();`,
  );
  for (const text of ["'number(3)' + number", 'table.record(a); optional', 'myNumber(custom)'])
    expect(withPureOptions(text)).toBe(text);
});
