/** Against numbers that fixtures/make_values.py computed from the papers' equations. */
import { describe, expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import type { BalancerSpec } from './contracts.ts';
import {
  alignedMtl,
  caGrad,
  decayingWeights,
  dynamicWeightAverage,
  famo,
  gradDrop,
  gradNorm,
  imtlGradient,
  imtlLoss,
  mgda,
  nashMtl,
  pcGrad,
  rotoGradScale,
  uncertaintyWeights,
} from './index.ts';
import { rotationPulls } from './rotations/pulls.ts';
import { turned } from './rotations/turned.ts';
import { backTurned, identity } from './testing/rotations.ts';
import { scripted, seeded } from './testing/random.ts';
import { combined, names, products, values } from './testing/values.ts';

const start = { step: 0, epoch: 0 };

/** Relative to the largest number. */
function expectClose(received: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(received.length).toBe(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expect(Math.max(...received.map((value, i) => Math.abs(value - expected[i]!))) / size).toBeLessThan(tolerance);
}

describe.each(
  values.cases.map((one) => [`${one.jacobian.length} tasks, ${one.jacobian[0]!.length} parameters`, one] as const),
)('%s', (_, one) => {
  const { jacobian } = one;
  const tasks = names(jacobian.length);
  const weightsOf = (spec: BalancerSpec<'gramian'>) =>
    createBalancer(spec, { tasks, random: scripted(one) }).weights(start, {
      losses: tasks.map(() => 1),
      gramian: products(jacobian),
    });

  it.each([
    ['mgda', mgda(), one.mgda, 1e-9],
    ['mgda of units', mgda({ normalize: 'norm' }), one.mgdaUnits, 1e-9],
    ['nash-mtl', nashMtl(), one.nash, 1e-6], // the ridge
    ['imtl-gradient', imtlGradient(), one.imtl, 1e-9],
  ] as const)('%s: the weights', (__, spec, expected, tolerance) => expectClose(weightsOf(spec), expected, tolerance));

  it.each([
    ['pcgrad', pcGrad(), one.pcgrad, 1e-12],
    ['cagrad', caGrad({ c: 0.5 }), one.cagrad, 1e-5], // of SciPy's minimizer
    ['aligned-mtl', alignedMtl(), one.aligned, 1e-9],
  ] as const)('%s: the direction', (__, spec, expected, tolerance) =>
    expectClose(combined(weightsOf(spec), jacobian), expected, tolerance),
  );

  it('graddrop: the vector', () => {
    const balancer = createBalancer(gradDrop({ leak: one.leak }), { tasks, random: scripted(one) });
    const rows = jacobian.map((row) => Float32Array.from(row));
    expectClose([...balancer.vector(start, { losses: tasks.map(() => 1), jacobian: rows })], one.graddrop, 1e-6);
  });
});

describe('a run', () => {
  const { jacobians, losses, gradnorm, rotograd } = values.run;
  const tasks = names(3);

  it('gradnorm: the weights after each step', () => {
    const balancer = createBalancer(gradNorm(), { tasks, random: seeded(1) });
    jacobians.forEach((jacobian, step) => {
      balancer.learn({ step, epoch: 0 }, { losses: losses[step]!, gramian: products(jacobian) });
      expectClose(
        balancer.weights({ step, epoch: 0 }, { losses: losses[step]!, gramian: products(jacobian) }),
        gradnorm[step]!,
        1e-6,
      );
    });
  });

  it('rotograd-scale: the direction of each step', () => {
    const balancer = createBalancer(rotoGradScale(), { tasks, random: seeded(1) });
    jacobians.forEach((jacobian, step) => {
      const input = { losses: losses[step]!, gramian: products(jacobian) };
      expectClose(combined(balancer.weights({ step, epoch: 0 }, input), jacobian), rotograd[step]!, 1e-12);
      balancer.learn({ step, epoch: 0 }, input);
    });
  });

  it.each([
    ['uncertainty-weights', uncertaintyWeights({ learningRate: 0.05 }), values.losses.uncertainty, 1e-8],
    ['imtl-loss', imtlLoss({ learningRate: 0.05 }), values.losses.imtl, 1e-8],
    ['famo', famo({ learningRate: 0.5, decay: 0.01 }), values.losses.famo, 1e-12],
    ['dynamic-weight-average', dynamicWeightAverage(), values.losses.dwa, 1e-12],
    ['decaying-weights', decayingWeights({ weights: [1, 0.5, 2], rate: [0.9, 1, 0.5] }), values.losses.ple, 1e-12],
  ] as const)('%s: the weights before each step', (_, spec, expected, tolerance) => {
    const balancer = createBalancer(spec, { tasks, random: seeded(1) });
    values.losses.losses.forEach((stepLosses, step) => {
      const place = { step, epoch: values.losses.epochs[step]! };
      expectClose(balancer.weights(place, { losses: stepLosses }), expected[step]!, tolerance);
      balancer.learn(place, { losses: stepLosses });
    });
  });
});

it.each(values.rotations)(
  'rotations of $size of $width features: after each step',
  ({ heads, width, size, rate, decay, kernels }) => {
    let own = heads.map(() => identity(size));
    kernels.forEach((expected, step) => {
      const pulls = rotationPulls(
        heads.map((head, k) => backTurned(head, own[k]!, width)),
        { width, size },
      );
      own = own.map((kernel, k) => [...turned(kernel, pulls[k]!, rate * decay ** step)]);
      own.forEach((kernel, k) => expectClose(kernel, expected[k]!, 1e-6)); // gradients are float32
    });
  },
);
