import * as tf from '@tensorflow/tfjs-core';
import { CompileError } from '../compile-error.ts';
import type { Value } from '../graph/value.ts';

/** Operations that draw random numbers on the host, with or without a seed: those of TF.js, and `randomTensor` of core. */
const RANDOM_OPERATION = /^(rand|truncatedNormal|multinomial)/;

/**
 * The random operation that is running, as the function called it: `dropout`, and not the `randomUniform` inside. Undefined
 * when no random operation is running.
 */
export function drawingOperation(): string | undefined {
  const scopes = tf.engine().state.scopeStack.map(({ name }) => name ?? '');
  const operations = scopes.slice(scopes.findLastIndex((name) => !name.endsWith(tf.OP_SCOPE_SUFFIX)) + 1);
  const innermost = operations.at(-1);
  return innermost !== undefined && RANDOM_OPERATION.test(innermost)
    ? operations[0]!.slice(0, -tf.OP_SCOPE_SUFFIX.length)
    : undefined;
}

/**
 * Returns a value that a node reads, or that is a result.
 *
 * @throws CompileError when the value has random numbers, which each run of the graph would repeat
 */
export function notRandom(value: Value): Value {
  if (value.drawnBy === undefined) return value;
  throw new CompileError(
    `The function draws random numbers of its own (by ${value.drawnBy}), with a seed or without. Each run of the compiled ` +
      'function would repeat the same numbers. Pass them as an input, or run the function eagerly on a TF.js backend. In a ' +
      "model, use dropout or randomTensor of @polytask/core, or pass engine: 'eager'.",
  );
}
