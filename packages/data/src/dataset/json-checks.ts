import { fail, suggestion } from '@polytask/core';

export { anything, fraction, oneOrMore, text, texts } from '../options/checks.ts';

/** An object, whatever its keys are. */
export function entriesOf(value: unknown, where: string): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  return fail({
    expected: `an object for ${where}, with a key a column`,
    received: JSON.stringify(value) ?? 'nothing',
    mend: 'Write { "age": "numeric" }.',
  });
}

/** The entry of a table for the kind that a description names, as `"numeric"` or `{ "kind": "numeric", … }`. */
export function ofKind<E>(
  value: unknown,
  kinds: Readonly<Record<string, E>>,
  where: string,
): { entry: E; kind: string; description: object } {
  const description = typeof value === 'string' ? { kind: value } : (value as { readonly kind?: unknown } | null);
  const kind = typeof description === 'object' && description !== null ? description.kind : undefined;
  if (typeof kind === 'string' && Object.hasOwn(kinds, kind))
    return { entry: kinds[kind]!, kind, description: description! };
  return fail({
    expected: `a kind for ${where}`,
    received: JSON.stringify(kind ?? value) ?? 'nothing',
    mend: suggestion(String(kind), Object.keys(kinds)),
  });
}
