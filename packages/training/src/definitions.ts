import { fail, suggestion } from '@polytask/core';

/** A registry of definitions, by the `kind` in their JSON description. */
export interface Definitions<V> {
  /** @throws PolytaskError when the name exists */
  add(kind: string, value: V): void;
  /** @throws PolytaskError with a suggestion, when the name doesn't exist */
  get(kind: string): V;
}

/** @param what the kind of definition in errors, such as `optimizer` */
export function definitions<V>(what: string): Definitions<V> {
  const values = new Map<string, V>();
  return {
    add(kind, value) {
      if (values.has(kind)) {
        fail({
          expected: `a new name for the ${what}`,
          received: `"${kind}", which is taken`,
          mend: 'Choose another name.',
        });
      }
      values.set(kind, value);
    },
    get(kind) {
      return (
        values.get(kind) ??
        fail({
          expected: `a known ${what}`,
          received: JSON.stringify(kind) ?? 'undefined',
          mend: `${suggestion(String(kind), values.keys())} Import the file that defines it first.`,
        })
      );
    },
  };
}
