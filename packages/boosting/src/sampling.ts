import type { Read } from '@polytask/components';
import type { samplingOptions } from './boosting-options.ts';

/** The rows and columns that a tree is grown on, ascending. Undefined: all of them. */
export interface Sample {
  readonly rows: Uint32Array | undefined;
  readonly columns: Uint32Array | undefined;
}

/** Chooses rows and columns at random, by the seed and the number of the round: a training that continues chooses as a single longer one. */
export class Sampler {
  #rows: Uint32Array | undefined;
  #bag = -1;

  constructor(
    private readonly sizes: { readonly rows: number; readonly columns: number },
    private readonly settings: Read<typeof samplingOptions> & { readonly seed: number },
  ) {}

  /** Whether rows or columns are left out. */
  get isPart(): boolean {
    return Math.min(this.settings.baggingFraction, this.settings.featureFraction) < 1;
  }

  /** @param round from 0 @param output the number of the tree in the round */
  sample(round: number, output: number): Sample {
    const { baggingFraction, baggingFreq, featureFraction, seed } = this.settings;
    const bag = Math.floor(round / baggingFreq);
    if (baggingFraction < 1 && bag !== this.#bag) {
      this.#rows = chosen(this.sizes.rows, baggingFraction, uniform(seed, 0, bag));
      this.#bag = bag;
    }
    const { columns } = this.sizes;
    const isPart = featureFraction < 1;
    return {
      rows: this.#rows,
      columns: isPart ? chosen(columns, featureFraction, uniform(seed, 1 + output, round)) : undefined,
    };
  }
}

/** A share of the whole numbers below `size`, and one at least, without repetition (Knuth, "The art of computer programming", 3.4.2, algorithm S). */
function chosen(size: number, share: number, draw: () => number): Uint32Array {
  const into = new Uint32Array(Math.max(1, Math.round(share * size)));
  for (let i = 0, found = 0; found < into.length; i++) if (draw() * (size - i) < into.length - found) into[found++] = i;
  return into;
}

/** Numbers in [0, 1): splitmix32 from a state that three numbers give. */
function uniform(...of: readonly [number, number, number]): () => number {
  const mixed = (x: number) => {
    let z = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let state = of.reduce((sum, each) => mixed(sum + each + 0x9e3779b9), 0);
  return () => mixed((state = (state + 0x9e3779b9) | 0)) / 2 ** 32;
}
