import { randomStream } from '@polytask/core';

const BLOCK = 1 << 16;

/** Draws numbers in [0, 1). The n-th number depends on the seed alone. */
export function drawsOf(seed: number): () => number {
  const stream = randomStream(seed, 'sample');
  let block: Float32Array = new Float32Array(0);
  let used = 0;
  return () => {
    if (used === block.length) [block, used] = [stream.uniform(BLOCK), 0];
    return block[used++]!;
  };
}
