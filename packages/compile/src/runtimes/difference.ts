import type { HostTensor } from '../runtimes/runtime.ts';

export interface Strictness {
  /** Whether the types must be equal. */
  readonly dtypes: boolean;
  /** The allowed error of float32 values, relative to the largest magnitude. */
  readonly tolerance: number;
}

/**
 * The first difference between tensors, as text. Undefined when they agree. NaN equals NaN, and integers must be equal.
 *
 * @example tensorDifference([loss], [expected], { dtypes: true, tolerance: 1e-2 }) // 'tensor 0: expected 0.69 at 0, received 0'
 */
export function tensorDifference(
  received: readonly HostTensor[],
  expected: readonly HostTensor[],
  strictness: Strictness,
): string | undefined {
  if (received.length !== expected.length) return `expected ${expected.length} tensors, received ${received.length}`;
  for (const [i, tensor] of received.entries()) {
    const wrong = between(tensor, expected[i]!, strictness);
    if (wrong) return `tensor ${i}: ${wrong}`;
  }
  return undefined;
}

function between(received: HostTensor, expected: HostTensor, { dtypes, tolerance }: Strictness): string | undefined {
  if (received.shape.join() !== expected.shape.join())
    return `expected shape [${expected.shape}], received [${received.shape}]`;
  if (dtypes && received.type !== expected.type) return `expected ${expected.type}, received ${received.type}`;
  const finite = Array.from(expected.data, Math.abs).filter(Number.isFinite);
  const largest = finite.reduce((most, each) => Math.max(most, each), 0.01);
  const allowed = received.type === 'float32' && expected.type === 'float32' ? tolerance * largest : 0;
  const agrees = (a: number, b: number) =>
    a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= allowed;
  const at = expected.data.findIndex((number, i) => !agrees(received.data[i]!, number));
  if (at < 0) return undefined;
  return `expected ${expected.data[at]} at ${at}, received ${received.data[at]}`;
}
