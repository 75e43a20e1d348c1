import { Emitter } from '../graph/emit.ts';
import { Graph, type ValueSpec } from '../graph/graph.ts';
import type { Value, Values } from '../graph/value.ts';

/** One run of a function whose operations are written down. */
export class Recording {
  readonly graph = new Graph();
  readonly emit = new Emitter(this.graph);
  /** The kernel that was recorded last, for errors. */
  last = 'the start';
  readonly #expected = new Map<object, string>();

  /** Makes the tensor with this data id an input when it arrives. */
  expect(dataId: object, name: string): void {
    this.#expected.set(dataId, name);
  }

  /** A tensor that comes from another backend, or is made from numbers while the function runs. */
  arrival(dataId: object, values: Values, spec: ValueSpec): Value {
    const name = this.#expected.get(dataId);
    if (name === undefined) return this.graph.constant(typed(values, spec.type), spec);
    return this.graph.input(name, spec);
  }
}

/** TF.js passes plain arrays now and then. */
function typed(values: Values | readonly number[], type: ValueSpec['type']): Values {
  if (ArrayBuffer.isView(values)) return values.slice();
  return type === 'float32' ? Float32Array.from(values) : type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
}
