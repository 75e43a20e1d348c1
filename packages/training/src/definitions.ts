import { fail, suggestion } from '@polytask/core';

/** Things by the name that stands in their JSON description. */
export interface Definitions<V> {
  /** Makes a thing known; a name can be taken once. */
  add(kind: string, value: V): void;
  /** Throws when there is none of the name. */
  get(kind: string): V;
}

/** @param what how errors call the things, such as `optimizer` */
export function definitions<V>(what: string): Definitions<V> {
  const known = new Map<string, V>();
  return {
    add(kind, value) {
      if (known.has(kind)) {
        fail({
          expected: `a new name for the ${what}`,
          received: `"${kind}", which is taken`,
          mend: 'Choose another name.',
        });
      }
      known.set(kind, value);
    },
    get(kind) {
      return (
        known.get(kind) ??
        fail({
          expected: `a known ${what}`,
          received: JSON.stringify(kind) ?? 'undefined',
          mend: `${suggestion(String(kind), known.keys())} Import the file that defines it first.`,
        })
      );
    },
  };
}
