import { fail } from '../errors/errors.ts';
import type { RandomStream } from './random-stream.ts';

/**
 * One stream for an array whose last side has a stream a column: number i comes from column i mod columns. So a column
 * gets the same numbers wherever it stands.
 */
export function interleavedStream(columns: readonly RandomStream[]): RandomStream {
  const weave = (size: number, draw: (stream: RandomStream, rows: number) => Float32Array) => {
    const parts = columns.map((stream) => draw(stream, size / columns.length));
    return Float32Array.from({ length: size }, (_, i) => parts[i % columns.length]![Math.floor(i / columns.length)]!);
  };
  const whole = (): never =>
    fail({ expected: 'a draw of numbers, one a column', received: 'another draw', mend: 'Use uniform or normal.' });
  return {
    counter: 0,
    uniform: (size, low, high) => weave(size, (stream, rows) => stream.uniform(rows, low, high)),
    normal: (size, mean, deviation) => weave(size, (stream, rows) => stream.normal(rows, mean, deviation)),
    permutation: whole,
    integer: whole,
  };
}
