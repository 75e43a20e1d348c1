/**
 * Against numbers that fixtures/make_values.py computed from the papers' equations. The smallest equations are written in this file.
 * Each kind of balancer needs a row of a table, or the last test fails.
 */
import { describe, expect, it } from 'vitest';
import { createBalancer } from './balancer.ts';
import { componentsOf } from '@polytask/components';
import type { Contract, Random } from './contracts.ts';
import type { BalancerSpec } from './define.ts';
import {
  alignedMtl,
  caGrad,
  conFig,
  dbMtl,
  decayingWeights,
  dualProj,
  dwa,
  equalWeights,
  excessMtl,
  fairGrad,
  famo,
  gls,
  go4Align,
  gradDrop,
  gradNorm,
  gradVac,
  imtlG,
  imtlL,
  mgda,
  nashMtl,
  pcGrad,
  plainSum,
  rlw,
  rotoGrad,
  rotoGradScale,
  stch,
  staticWeights,
  uw,
  upGrad,
} from './index.ts';
import { turned, rotationPulls } from './rotations/turned.ts';
import { backTurned, identity } from './testing/rotations.ts';
import { seeded } from './testing/random.ts';
import { combined, names, products, values, type Values } from './testing/values.ts';

const start = { step: 0, epoch: 0 };

function scripted(script: { orders?: readonly (readonly number[])[]; draws?: readonly number[] }): Random {
  let turn = 0;
  return {
    uniform: () => script.draws!,
    normal: () => script.draws!,
    permutation: () => script.orders![turn++]!,
  };
}

/** A balancer, the numbers of its equation, and the tolerance. */
type Pin<K extends Contract, Numbers> = readonly [BalancerSpec<K>, Numbers, number];
type Case = Values['cases'][number];

const WEIGHTS: readonly Pin<'gramian', (one: Case) => readonly number[]>[] = [
  [mgda(), (one) => one.mgda, 1e-9],
  [mgda({ normalize: 'norm' }), (one) => one.mgdaUnits, 1e-9],
  [nashMtl(), (one) => one.nash, 1e-6], // the ridge
  [imtlG(), (one) => one.imtl, 1e-9],
  [fairGrad({ alpha: 2 }), (one) => one.fairgrad, 1e-6], // the ridge
];

const DIRECTIONS: readonly Pin<'gramian', (one: Case) => readonly number[]>[] = [
  [plainSum(), ({ jacobian }) => jacobian[0]!.map((_, p) => jacobian.reduce((sum, row) => sum + row[p]!, 0)), 1e-12],
  [pcGrad(), (one) => one.pcgrad, 1e-12],
  [caGrad({ c: 0.5 }), (one) => one.cagrad, 1e-5], // of SciPy's minimizer
  [alignedMtl(), (one) => one.aligned, 1e-9],
  [upGrad(), (one) => one.upgrad, 1e-7], // the ridge
  [dualProj(), (one) => one.dualproj, 1e-7],
  [conFig(), (one) => one.config, 1e-9],
];

const DIRECTIONS_OF_A_RUN: readonly Pin<'gramian', readonly (readonly number[])[]>[] = [
  [rotoGradScale(), values.run.rotograd, 1e-12],
  [gradVac({ rate: 0.3 }), values.run.gradvac, 1e-12],
  [dbMtl(), values.run.dbmtl, 1e-12],
  [excessMtl({ learningRate: 0.1 }), values.run.excess, 1e-12],
  [rotoGrad(), values.run.rotograd, 1e-12], // its rotations are pinned below
];

const WEIGHTS_OF_A_RUN: readonly Pin<'losses', readonly (readonly number[])[]>[] = [
  [equalWeights(), values.losses.losses.map(() => [1, 1, 1]), 1e-12],
  [staticWeights([3, 0.5, 1]), values.losses.losses.map(() => [3, 0.5, 1]), 1e-12],
  [rlw(), values.losses.losses.map(() => [0.125, 0.25, 0.625]), 1e-12], // softmax of NORMAL
  [uw({ learningRate: 0.05 }), values.losses.uncertainty, 1e-8],
  [imtlL({ learningRate: 0.05 }), values.losses.imtl, 1e-8],
  [famo({ learningRate: 0.5, decay: 0.01 }), values.losses.famo, 1e-12],
  [gls(), values.losses.geometric, 1e-8],
  [stch({ smoothing: 0.5 }), values.losses.tchebycheff, 1e-8],
  [go4Align({ learningRate: 0.1 }), values.losses.go4align, 1e-12],
  [dwa(), values.losses.dwa, 1e-12],
  [decayingWeights({ weights: [1, 0.5, 2], rate: [0.9, 1, 0.5] }), values.losses.ple, 1e-12],
];
const NORMAL = [Math.log(1), Math.log(2), Math.log(5)];

/** Balancers whose tests below aren't rows of a table. */
const OTHERS = ['gradnorm', 'graddrop'];

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

  it.each(WEIGHTS)('$name $config: the weights', (spec, numbers, tolerance) =>
    expectClose(weightsOf(spec), numbers(one), tolerance),
  );

  it.each(DIRECTIONS)('$name: the direction', (spec, numbers, tolerance) =>
    expectClose(combined(weightsOf(spec), jacobian), numbers(one), tolerance),
  );

  it('graddrop: the vector', () => {
    const balancer = createBalancer(gradDrop({ leak: one.leak }), { tasks, random: scripted(one) });
    const rows = jacobian.map((row) => Float32Array.from(row));
    expectClose([...balancer.vector(start, { losses: tasks.map(() => 1), jacobian: rows })], one.graddrop, 1e-6);
  });
});

describe('a run', () => {
  const { jacobians, losses, gradnorm } = values.run;
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

  it.each(DIRECTIONS_OF_A_RUN)('$name: the direction of each step', (spec, expected, tolerance) => {
    const balancer = createBalancer(spec, { tasks, random: scripted(values.run) });
    jacobians.forEach((jacobian, step) => {
      const input = { losses: losses[step]!, gramian: products(jacobian) };
      expectClose(combined(balancer.weights({ step, epoch: 0 }, input), jacobian), expected[step]!, tolerance);
      balancer.learn({ step, epoch: 0 }, input);
    });
  });

  it.each(WEIGHTS_OF_A_RUN)('$name: the weights before each step', (spec, expected, tolerance) => {
    const balancer = createBalancer(spec, { tasks, random: scripted({ draws: NORMAL }) });
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

it('has the numbers of an equation for every balancer', () => {
  const own = componentsOf('balancer').filter((each) => each.package === '@polytask/balancing');
  const pinned = [...WEIGHTS, ...DIRECTIONS, ...DIRECTIONS_OF_A_RUN, ...WEIGHTS_OF_A_RUN].map(([{ name }]) => name);
  expect(own.filter(({ name }) => ![...pinned, ...OTHERS].includes(name))).toEqual([]);
});
