import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  caGrad,
  dwa,
  equalWeights,
  famo,
  gradDrop,
  gradNorm,
  mgda,
  pcGrad,
  plainSum,
  rotoGrad,
  staticWeights,
  uw,
  type BalancerSpec,
} from '@polytask/balancing';
import { multiTaskModel } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { byTurns, some } from '../../../../cases.base.ts';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import { adam } from '../optimizers/adam.ts';
import { sgd } from '../optimizers/sgd.ts';
import { tinyExamples, tinyExpert, tinyModel, tinyNetwork, tinyTasks, weightsOf } from '../testing/tiny.ts';

beforeAll(() => tf.setBackend('cpu'));

const train = tinyExamples(tinyTasks, 70);
type Options = FitOptions<typeof tinyTasks>;

/** With dropout, running statistics, a loss of its own, missing labels and a last batch of 6. */
async function trained(options: Options) {
  const model = tinyModel({ dropout: 0.2, norm: true });
  const result = await fit(model, train, { batchSize: 32, epochs: 2, optimizer: sgd(0.05), ...options });
  const weights = weightsOf(model);
  model.dispose();
  return { ...result, weights };
}

/** The largest difference of a tensor, relative to its largest number. */
const farthest = (a: Record<string, number[]>, b: Record<string, number[]>): number =>
  Math.max(
    ...Object.entries(a).map(([name, values]) => {
      const largest = Math.max(...values.map(Math.abs), 1e-6);
      return Math.max(...values.map((value, i) => Math.abs(value - b[name]![i]!))) / largest;
    }),
  );

describe.each([
  ['eager', 0],
  ['compiled', 1],
] as const)('%s', (engine, turn) => {
  let plain: Awaited<ReturnType<typeof trained>>;
  beforeAll(async () => void (plain = await trained({ engine })));

  const sums = [
    ['equal', equalWeights()],
    ['static weights of 1', staticWeights(1)],
    ['the plain sum of gradients', plainSum()],
    ['the plain sum of gradients at the representation', plainSum({ of: 'representation' })],
  ] as const;
  it.each(some(byTurns(sums, turn), 1))('%s trains as fit does without a balancer', async (_, balancing) => {
    const balanced = await trained({ engine, balancing });
    expect(balanced.engine).toBe(plain.engine);
    expect(farthest(plain.weights, balanced.weights)).toBeLessThan(1e-5);
    expect(balanced.history.at(-1)!.loss).toBeCloseTo(plain.history.at(-1)!.loss, 5);
    expect(balanced.history.at(-1)!.auxiliary['entropy']).toBeCloseTo(plain.history.at(-1)!.auxiliary['entropy']!, 5);
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors; // after the beforeAll
    const kinds = [pcGrad(), gradDrop(), mgda({ of: 'representation' }), rotoGrad()];
    for (const balancing of byTurns(kinds, turn)) await trained({ engine, balancing, epochs: 1, batchSize: 35 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** One of each contract. The kit compares the engines for every balancer. */
const BALANCERS: readonly (readonly [string, BalancerSpec])[] = [
  ['uw', uw()],
  ['mgda at the representation', mgda({ of: 'representation' })],
  ['pcgrad', pcGrad()],
  ['gradnorm at the representation', gradNorm({ of: 'representation' })],
  ['rotograd of two features, scaled by gradnorm', rotoGrad({ size: 2, scaling: gradNorm() })],
  ['graddrop', gradDrop()],
];

describe.each(some(BALANCERS, 1))('%s', (_, balancing) => {
  it('gives the same training on both engines, clipped', async () => {
    const options: Options = { balancing, clip: { value: 1, norm: 2 }, batchSize: 35, epochs: 2 };
    const [eager, compiled] = [
      await trained({ ...options, engine: 'eager' }),
      await trained({ ...options, engine: 'compiled' }),
    ];
    expect(compiled.engine).toContain('compiled');
    expect(farthest(eager.weights, compiled.weights)).toBeLessThan(2e-4);
    expect(compiled.history.at(-1)!.loss).toBeCloseTo(eager.history.at(-1)!.loss, 4);
  });
});

describe('a run that was stopped', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-balancing-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  // The kit does the same with every balancer on the eager engine.
  const stopped = [
    ['gradnorm', gradNorm()],
    ['graddrop', gradDrop()],
    ['rotograd', rotoGrad()],
    ['dwa', dwa()],
  ] as const;
  it.each(stopped)(
    '%s, compiled: goes on to the same numbers, bit for bit',
    { tags: ['long'] },
    async (_, balancing) => {
      const options: Options = { engine: 'compiled', balancing, optimizer: adam(0.01), batchSize: 35, epochs: 2 };
      const straight = await trained(options);
      const checkpoint = { directory, everySteps: 1 };
      const crash = {
        onStep: ({ step }: { step: number }) => {
          if (step === 3) throw new Error('power cut');
        },
      };
      await expect(trained({ ...options, checkpoint, callbacks: crash })).rejects.toThrow('power cut');
      const resumed = await trained({ ...options, checkpoint, resume: true });
      expect(resumed.weights).toEqual(straight.weights);
      expect(resumed.history.map(({ balancing: report }) => report)).toEqual(
        straight.history.map(({ balancing: report }) => report),
      );
      await expect(trained({ ...options, balancing: caGrad(), checkpoint, resume: true })).rejects.toThrow(
        'options.balancing.name',
      );
    },
  );
});

describe('small second towers', () => {
  it.each([
    ['plain', undefined],
    ['balanced', pcGrad()],
  ] as const)(
    '%s: train the same on both engines, and are in the history',
    { tags: ['long'] },
    async (_, balancing) => {
      const run = async (engine: 'eager' | 'compiled') => {
        const network = tinyNetwork({ units: 4 });
        const model = multiTaskModel({
          schema: train.schema,
          network,
          tower: tinyExpert({ units: 3 }),
          selfAuxiliaries: { weight: 0.5 },
          seed: 7,
        });
        const before = weightsOf(model);
        const { history } = await fit(model, train, {
          engine,
          batchSize: 35,
          epochs: 2,
          optimizer: sgd(0.05),
          ...(balancing && { balancing }),
        });
        const weights = weightsOf(model);
        for (const name of Object.keys(weights).filter((each) => each.startsWith('self.')))
          expect(weights[name]).not.toEqual(before[name]);
        model.dispose();
        return { weights, losses: history.at(-1)!.auxiliary };
      };
      const [eager, compiled] = [await run('eager'), await run('compiled')];
      expect(Object.keys(eager.losses)).toEqual(['entropy', 'self.click', 'self.stars', 'self.minutes']);
      expect(farthest(eager.weights, compiled.weights)).toBeLessThan(1e-4);
    },
  );
});

describe('the history', () => {
  it('has the weights and the diagnostics of each epoch, as means over its steps', async () => {
    const steps: { weights: number; cosine: number; conflicts: number }[] = [];
    const { history } = await trained({
      balancing: pcGrad(),
      epochs: 1,
      callbacks: {
        onStep: ({ balancing }) => {
          const { weights, gradients } = balancing!;
          steps.push({ weights: weights!.stars, cosine: gradients!.cosine, conflicts: gradients!.conflicts });
        },
      },
    });
    const mean = (of: (step: (typeof steps)[0]) => number) =>
      steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
    const { weights, gradients } = history[0]!.balancing!;
    expect(steps).toHaveLength(3);
    expect(weights!.stars).toBeCloseTo(
      mean((step) => step.weights),
      10,
    );
    expect(gradients!.cosine).toBeCloseTo(
      mean((step) => step.cosine),
      10,
    );
    expect(gradients!.conflicts).toBeCloseTo(
      mean((step) => step.conflicts),
      10,
    );
    expect(gradients!.magnitudeRatio).toBeGreaterThan(1);
  });

  it('has no gradients where a balancer sees losses only, no weights where it gives a vector, and nothing without one', async () => {
    const reportOf = async (balancing?: BalancerSpec) =>
      (await trained({ ...(balancing && { balancing }), epochs: 1, batchSize: 35 })).history[0]!.balancing;
    expect(Object.keys((await reportOf(uw()))!)).toEqual(['weights']);
    expect(Object.keys((await reportOf(gradDrop()))!)).toEqual(['gradients']);
    expect(await reportOf()).toBeUndefined();
  });
});

it.each([
  [pcGrad as unknown as BalancerSpec, 'Expected a balancer for fit.balancing, received a function. Call it: '],
  [staticWeights({ click: 1 }), 'Expected a number for each task (click, stars, minutes) for static-weights.weights'],
])('a balancer that is none, or of other tasks, is refused before anything runs', async (balancing, message) => {
  await expect(trained({ balancing })).rejects.toThrow(message);
});

it('a loss that is not finite is said as without a balancer', { tags: ['long'] }, async () => {
  for (const balancing of some([equalWeights(), famo(), mgda({ of: 'representation' }), pcGrad()], 2)) {
    await expect(trained({ balancing, optimizer: sgd(1e30), epochs: 4, batchSize: 35 })).rejects.toThrow(
      /^The loss of .* is not finite at step/,
    );
  }
});
