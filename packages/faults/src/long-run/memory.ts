import { meanInterval, type MeanInterval } from '@polytask/metrics';

/** The memory of a process at one moment of its work, in MB. */
export interface MemorySample {
  /** How many steps, runs or requests were done. */
  readonly done: number;
  /** The resident set: all that the process has from the system, native libraries included. */
  readonly resident: number;
  /** The heap and buffers of JavaScript after a garbage collection. NaN where they can't be seen from outside. */
  readonly held: number;
}

/** The kinds of memory of a sample, with their names in the table. */
export const MEMORY = { resident: 'resident set', held: 'heap and buffers' } as const;

export type MemoryKind = keyof typeof MEMORY;

/** The share of the work after which memory is measured. Before, caches fill and code is compiled. */
const WARM_UP = 1 / 3;

/** The growth over the whole work, in MB, that counts as none: the noise of an allocator. */
export const ALLOWED_GROWTH = 8;

/**
 * How much memory grows, with a 95% interval, in MB over the whole work. It is the mean of the slopes between samples that are half of the
 * measured part apart. Each sample is in one pair. The slopes are taken as independent.
 *
 * @returns NaN for memory that can't be seen
 */
export function growthOf(samples: readonly MemorySample[], kind: MemoryKind): MeanInterval {
  const total = samples.at(-1)!.done;
  const measured = samples.filter(({ done }) => done >= WARM_UP * total);
  const half = Math.floor(measured.length / 2);
  const slopes = measured
    .slice(0, half)
    .map((early, i) => [early, measured[i + half]!] as const)
    .map(([early, late]) => (total * (late[kind] - early[kind])) / (late.done - early.done));
  return meanInterval(slopes);
}

/** Whether memory grows by more than noise: the whole interval is above {@link ALLOWED_GROWTH}. */
export const isGrowing = ({ low }: MeanInterval): boolean => low > ALLOWED_GROWTH;

/** The memory of this process. Run it with `--expose-gc`. */
export function memoryHere(done: number): MemorySample {
  globalThis.gc!();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { done, resident: rss / MB, held: (heapUsed + external) / MB };
}

const MB = 2 ** 20;
