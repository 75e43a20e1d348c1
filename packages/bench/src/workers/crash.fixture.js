import { existsSync, writeFileSync } from 'node:fs';

// A suite for tests of processes that end before their time: seed 2 kills its process the first time, seed 3 each time,
// seed 4 fills its memory. It imports no package, so that it can be loaded without their sources, and has no types to compile in
// each process.

/** @type {import('@polytask/core').Schema} */
const schema = {
  features: { x: { kind: 'vector', width: 3 } },
  tasks: { click: { kind: 'binary' }, like: { kind: 'binary' } },
};

/** Numbers without a pattern that is easy to see, the same each time. @param {number} i */
const wave = (i) => Math.sin(12.9898 * i) * 2;

/**
 * @param {number} size
 * @param {number} seed
 */
const rows = (size, seed) => ({
  schema,
  size,
  /** @param {ArrayLike<number>} chosen */
  batch(chosen) {
    const list = Array.from(chosen, (row) => row + 1000 * seed);
    const numeric = Float32Array.from(list.flatMap((row) => [0, 1, 2].map((k) => wave(3 * row + k))));
    /** @param {number} k */
    const label = (k) => list.map((row) => Number(wave(3 * row + k) > 0));
    return {
      size: list.length,
      numeric,
      ids: new Int32Array(0),
      bagIds: new Int32Array(0),
      bagWeights: new Float32Array(0),
      bagNumbers: new Float32Array(0),
      quotientIds: new Int32Array(0),
      tasks: ['click', 'like'],
      labels: Float32Array.of(...label(0), ...label(1)),
      weights: new Float32Array(2 * list.length).fill(1),
    };
  },
});

function fillMemory() {
  const held = [];
  for (;;) held.push(new Array(1e6).fill(held.length + 0.5));
}

/** @type {import('@polytask/study').SuiteRow} */
export const suite = {
  name: 'crash',
  description: 'ends its process',
  needsDirectory: true,
  defaults: {
    seeds: [1],
    epochs: 1,
    batchSize: 32,
    learningRate: 0.01,
    patience: 1,
    size: { levels: [4], experts: 4, tower: [3], embedding: 2 },
  },
  open: async ({ directory }) => ({
    tasks: schema.tasks,
    config: { set: 'crash' },
    trial(seed) {
      const mark = `${directory}/seed-${seed}`;
      if (seed === 2 && !existsSync(mark)) {
        writeFileSync(mark, '');
        process.stderr.write('about to die\n');
        process.exit(7);
      }
      if (seed === 3) process.kill(process.pid, 'SIGKILL');
      if (seed === 4) fillMemory();
      return { train: rows(64, seed), validation: rows(40, seed + 10), test: () => rows(40, seed + 20) };
    },
  }),
};
