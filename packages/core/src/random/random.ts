import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import * as tf from '@tensorflow/tfjs-core';
import { alignedFloats } from '../memory/aligned-floats.ts';

export interface Draws {
  /** `size` numbers, uniform in [low, high). */
  uniform(size: number, low?: number, high?: number): Float32Array;
  normal(size: number, mean?: number, deviation?: number): Float32Array;
}

/** A stream of random numbers. They depend only on the seed, the path and the number of earlier draws. */
export interface RandomStream extends Draws {
  /** A generator of its own for the next draw. */
  generator(): ReturnType<typeof xoroshiro128plusFromState>;
  /** The number of draws so far. Set it to return to an earlier point of the stream. */
  counter: number;
}

/**
 * The random stream of a seed and a dotted path. Two paths give independent streams; the same seed and path always give the same values.
 *
 * @example randomStream(7, 'levels.0.experts.income.0.kernel').uniform(2) // the same two numbers each time
 */
export function randomStream(seed: number, path: string): RandomStream {
  const stream: RandomStream = {
    counter: 0,
    uniform(size, low = 0, high = 1) {
      const generator = stream.generator();
      const span = high - low;
      const values = alignedFloats(size);
      for (let i = 0; i < size; i++) values[i] = low + span * uniformFloat64(generator);
      return values;
    },
    normal(size, mean = 0, deviation = 1) {
      const generator = stream.generator();
      const values = alignedFloats(size);
      for (let i = 0; i < size; i += 2) {
        // Box–Muller; 1 − u keeps the logarithm finite
        const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)));
        const angle = 2 * Math.PI * uniformFloat64(generator);
        values[i] = mean + deviation * radius * Math.cos(angle);
        if (i + 1 < size) values[i + 1] = mean + deviation * radius * Math.sin(angle);
      }
      return values;
    },
    generator: () => xoroshiro128plusFromState(stateOf(seed, path, stream.counter++)),
  };
  return stream;
}

/** A random order of 0 … size − 1 (Fisher–Yates). @example [...permutation(randomStream(7, 'order'), 10)] // [9, 1, 8, 4, 7, 6, 3, 5, 2, 0] */
export function permutation(stream: RandomStream, size: number): Uint32Array {
  const generator = stream.generator();
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = nextBelow(generator, i + 1);
    const previous = order[i]!;
    order[i] = order[j]!;
    order[j] = previous;
  }
  return order;
}

/**
 * The draws of a stream with those of orders, as balancers take them.
 *
 * @example createBalancer(pcGrad(), { tasks: ['click', 'like'], random: randomDraws(randomStream(7, 'balancing')) })
 */
export const randomDraws = (stream: RandomStream): Draws & { permutation(size: number): Uint32Array } => ({
  uniform: stream.uniform,
  normal: stream.normal,
  permutation: (size) => permutation(stream, size),
});

/** One whole number in [0, bound), for a bound of up to 2³². @example integerBelow(randomStream(7, 'die'), 6) + 1 */
export const integerBelow = (stream: RandomStream, bound: number): number => nextBelow(stream.generator(), bound);

/** The next number of a generator in [0, bound), as of `uniformInt` of pure-rand, without its arithmetic for bounds above 2³². */
function nextBelow(generator: ReturnType<RandomStream['generator']>, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound); // above it, the low remainders would come up more often
  let draw: number;
  do
    draw = generator.next() + 2 ** 31; // 32 bits
  while (draw >= limit);
  return draw % bound;
}

/** The generator's state: four 32-bit words, each a hash of seed, path and counter with its own mixing constant. */
function stateOf(seed: number, path: string, counter: number): number[] {
  const words = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map((constant) => {
    let hash = Math.imul(seed ^ constant, 0x2c1b3c6d);
    for (let i = 0; i < path.length; i++) hash = mix(hash ^ path.charCodeAt(i), constant);
    hash = mix(hash ^ counter, constant);
    return mix(hash ^ Math.floor(seed / 2 ** 32), constant);
  });
  return words.some((word) => word !== 0) ? words : [1, 2, 3, 4];
}

function mix(hash: number, constant: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), constant | 1);
  hash = Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** Number i comes from the stream of column i mod columns, so a column gets the same values at any position. */
export function interleavedDraws(columns: readonly Draws[]): Draws {
  const weave = (size: number, draw: (stream: Draws, rows: number) => Float32Array) => {
    const parts = columns.map((stream) => draw(stream, size / columns.length));
    return Float32Array.from({ length: size }, (_, i) => parts[i % columns.length]![Math.floor(i / columns.length)]!);
  };
  return {
    uniform: (size, low, high) => weave(size, (stream, rows) => stream.uniform(rows, low, high)),
    normal: (size, mean, deviation) => weave(size, (stream, rows) => stream.normal(rows, mean, deviation)),
  };
}

/** A request for a random tensor during a forward pass: its stream, its shape and its distribution. */
export interface Draw {
  readonly stream: RandomStream;
  readonly shape: readonly number[];
  readonly sample: () => Float32Array;
}

let provider: ((draw: Draw) => tf.Tensor) | undefined;

/**
 * Draws a new tensor of random numbers from a stream at each call. Layers, gates and experts must take their random numbers from this
 * function, so that an engine which traces a step once can replace them at every run, with the values that eager execution would draw.
 *
 * @example
 * const noise = randomTensor(scope.random('noise'), x.shape, (random, size) => random.normal(size));
 */
export const randomTensor = /* @__PURE__ */ tf.op({
  randomTensor_(
    stream: RandomStream,
    shape: readonly number[],
    sample: (random: RandomStream, size: number) => Float32Array,
  ): tf.Tensor {
    const size = shape.reduce((product, side) => product * side, 1);
    const draw: Draw = { stream, shape, sample: () => sample(stream, size) };
    return provider ? provider(draw) : tf.tensor(draw.sample(), [...shape]);
  },
});

/**
 * Runs a function whose random tensors come from `provide` instead of their streams. Only engines need it.
 *
 * @example withRandomTensors(({ shape }) => tf.zeros([...shape]), () => model.forward(features, { training: true }))
 */
export function withRandomTensors<R>(provide: (draw: Draw) => tf.Tensor, run: () => R): R {
  const previous = provider;
  provider = provide;
  try {
    return run();
  } finally {
    provider = previous;
  }
}
