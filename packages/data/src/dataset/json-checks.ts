import { checks, fail, suggestion, type Check } from '@polytask/core';

/** For what is looked at elsewhere. */
export const anything: Check = () => {};

export const text: Check = (value, where) => {
  if (typeof value === 'string' && value !== '') return;
  fail({
    expected: `a text for ${where}`,
    received: JSON.stringify(value) ?? 'nothing',
    mend: 'Write it in double quotes.',
  });
};

export const texts = checks.listOf(text);

/** A text or a list of them. */
export const oneOrMore: Check = (value, where) =>
  Array.isArray(value) ? checks.listOf(text, 1)(value, where) : text(value, where);

export const fraction = checks.number('a fraction from 0 to less than 1', (value) => value >= 0 && value < 1);

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
