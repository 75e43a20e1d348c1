import { randomStream } from '@polytask/core';

/** `count` rows of `width` normally distributed numbers, always the same for a name. */
export function tinyRows(count: number, width = 3, name = 'rows'): number[][] {
  const stream = randomStream(1, name);
  return Array.from({ length: count }, () => [...stream.normal(width)]);
}
