import { createBalancer, type Balancer, type BalancerSpec, type Json } from '@polytask/balancing';
import { mean, sum, traitsOf } from '@polytask/components';
import { randomDraws, randomStream } from '@polytask/core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { sgd } from '@polytask/training';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** A vector in each row. */
type Rows = readonly (readonly number[])[];

/** Σ w_i g_i */
const combined = (weights: readonly number[], jacobian: Rows): number[] =>
  jacobian[0]!.map((_, p) => sum(weights, (weight, i) => weight * jacobian[i]![p]!));

/** J Jᵀ */
const products = (jacobian: Rows): number[][] =>
  jacobian.map((a) => jacobian.map((b) => sum(a, (value, p) => value * b[p]!)));

const length = (vector: readonly number[]): number => Math.hypot(...vector);

/** The cosine of two vectors. */
const cosine = (a: readonly number[], b: readonly number[]): number =>
  sum(a, (value, i) => value * b[i]!) / (length(a) * length(b));

/** Three tasks, each in conflict with another. */
const JACOBIAN: Rows = [
  [1, -2, 0.5, 0.25, 1],
  [-1.5, 1, 0.5, 1, 0.5],
  [0.1, -0.2, -0.7, 0.3, -0.1],
];
const LOSSES = [0.7, 2.5, 0.1];
const TASKS = ['a', 'b', 'c'];

interface Problem {
  readonly jacobian: Rows;
  readonly losses: readonly number[];
  readonly present?: readonly boolean[];
}

const WHOLE: Problem = { jacobian: JACOBIAN, losses: LOSSES };
const problemOf = (tasks: readonly number[]): Problem => ({
  jacobian: tasks.map((t) => JACOBIAN[t]!),
  losses: tasks.map((t) => LOSSES[t]!),
});

const make = (spec: BalancerSpec, seed = 1, tasks: readonly string[] = TASKS): Balancer =>
  createBalancer(spec, { tasks, random: randomDraws(randomStream(seed, 'balancing')) }) as Balancer;

const placeOf = (at: number) => ({ step: at, epoch: Math.floor(at / 2) });

const inputOf = ({ jacobian, ...others }: Problem) => ({
  ...others,
  gramian: products(jacobian),
  jacobian: jacobian.map((row) => Float32Array.from(row)),
});

/** The direction of a step, after which the balancer has learned from it. */
function step(balancer: Balancer, problem: Problem, at = 0): number[] {
  const [place, input] = [placeOf(at), inputOf(problem)];
  const direction =
    balancer.contract === 'jacobian'
      ? [...balancer.vector(place, input)]
      : combined(balancer.weights(place, input), problem.jacobian);
  balancer.learn(place, input);
  return direction;
}

/** The directions of the steps from `from` to `to` − 1, with losses that fall at different speeds. */
const run = (balancer: Balancer, from: number, to: number): { readonly directions: number[] } => ({
  directions: Array.from({ length: to - from }, (_, i) => {
    const losses = LOSSES.map((loss, t) => loss / (1 + (from + i) * (t + 1)));
    return step(balancer, { ...WHOLE, losses }, from + i);
  }).flat(),
});

const PURE = 'Let the rule read its arguments alone, and draw from `random` alone.';

/** One task has the direction of its gradient, and its length as well unless the balancer is `rescaling`. */
function checkOneTask(spec: BalancerSpec): void {
  const [gradient] = JACOBIAN;
  const only = step(make(spec, 1, ['a']), problemOf([0]));
  if (!(cosine(only, gradient!) > 1 - 5e-7)) {
    broken({
      expected: 'the direction of the gradient of one task',
      seen: `a direction with a cosine of ${cosine(only, gradient!)} to it`,
      fix: 'Let the rule give a positive multiple of the only gradient.',
    });
  }
  if (traitsOf(spec).rescaling) return;
  if (!(Math.abs(length(only) - length(gradient!)) < 5e-6)) {
    broken({
      expected: `the gradient of one task, of length ${length(gradient!)}`,
      seen: `one of length ${length(only)}`,
      fix: 'Scale the weights, or say `traits: { rescaling: true }` in the definition if that is meant.',
    });
  }
}

/** How often a rule with random numbers is asked for a direction, whose mean is compared, and the allowed number of standard errors. */
const [TIMES, ERRORS] = [256, 5];

/** The tasks in another order have the same direction; the same in the mean over seeds, if the rule draws random numbers. */
function checkOrder(specOf: (tasks: readonly string[]) => BalancerSpec): void {
  const isRandom = draws(specOf(TASKS));
  const directions = (order: readonly number[], from: number) => {
    const tasks = order.map((t) => TASKS[t]!);
    const seeds = Array.from({ length: isRandom ? TIMES : 1 }, (_, i) => from + i);
    return seeds.map((seed) => step(make(specOf(tasks), seed, tasks), problemOf(order)));
  };
  const [straight, permuted] = [directions([0, 1, 2], 1), directions([2, 0, 1], 1 + TIMES)];
  JACOBIAN[0]!.forEach((_, p) => {
    const [a, b] = [straight, permuted].map((all) => all.map((direction) => direction[p]!)) as [number[], number[]];
    const error = Math.sqrt([a, b].reduce((sum, all) => sum + variance(all) / all.length, 0));
    if (Math.abs(mean(a) - mean(b)) < 5e-6 + ERRORS * error) return;
    broken({
      expected: `the same direction for tasks in another order: ${mean(a)} at ${p}${isRandom ? ' in the mean' : ''}`,
      seen: String(mean(b)),
      fix: 'Treat all tasks alike.',
    });
  });
}

const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

/** Whether the rule draws random numbers: other seeds have other directions. */
const draws = (spec: BalancerSpec): boolean =>
  new Set([6, 7, 8, 9].map((seed) => String(run(make(spec, seed), 0, 4).directions))).size > 1;

/** The same seed has the same directions. */
const checkRepeats = (spec: BalancerSpec): void =>
  expectAgreement(run(make(spec, 5), 0, 4), run(make(spec, 5), 0, 4), 0, {
    what: 'the same directions from the same seed',
    fix: PURE,
  });

/** A balancer with a restored state goes on as the one that was never stopped, and leaves the restored state as it is. */
function checkRestored(spec: BalancerSpec): void {
  const straight = make(spec);
  run(straight, 0, 4);
  const first = make(spec);
  run(first, 0, 4);
  const saved = JSON.stringify(first.state);
  expectPlain(first.state);
  const second = make(spec);
  run(second, 0, 4); // brings its stream to the place
  second.restore(JSON.parse(saved) as Json);
  expectAgreement(run(second, 4, 8), run(straight, 4, 8), 0, {
    what: 'the directions of a balancer that was never stopped',
    fix: 'Keep all that the rule learns in its state.',
  });
  second.restore(first.state);
  run(second, 8, 9);
  if (JSON.stringify(first.state) === saved) return;
  broken({
    expected: `a state that further steps leave as it is, ${saved}`,
    seen: JSON.stringify(first.state),
    fix: 'Let `learn` give a new state, and change nothing of the one that it gets.',
  });
}

/** A state is finite numbers, texts, null, lists and plain objects: what JSON keeps as it is. */
function expectPlain(state: unknown, where = 'the state'): void {
  if (state === null || typeof state === 'string' || typeof state === 'boolean') return;
  if (typeof state === 'number' && Number.isFinite(state)) return;
  const prototype: unknown = typeof state === 'object' && Object.getPrototypeOf(state);
  if (prototype === Array.prototype || prototype === Object.prototype) {
    for (const [key, each] of Object.entries(state as object)) expectPlain(each, `${where}.${key}`);
    return;
  }
  broken({
    expected: `plain JSON with finite numbers at ${where}`,
    seen: typeof state === 'number' ? String(state) : Object.prototype.toString.call(state),
    fix: 'Write a number that is not set yet as null, and lists of numbers as lists.',
  });
}

/** A task whose gradient is 0, because the batch has no label of it, leaves weights, directions and states finite. */
function checkPresence(spec: BalancerSpec): void {
  const balancer = make(spec);
  const jacobian = [JACOBIAN[0]!, JACOBIAN[0]!.map(() => 0), JACOBIAN[2]!];
  const input = inputOf({ jacobian, losses: [0.7, 0, 0.1], present: [true, false, true] });
  for (let at = 0; at < 5; at++) {
    const place = { step: at, epoch: at };
    const values =
      balancer.contract === 'jacobian' ? [...balancer.vector(place, input)] : balancer.weights(place, input);
    expectFinite(
      { 'the weights': values },
      'Leave out tasks that are not `present`: their losses and gradients are 0.',
    );
    balancer.learn(place, input);
    expectPlain(balancer.state);
  }
}

/** What the loss of a task says that is not present changes nothing, in this step and in later ones. */
function checkAbsence(spec: BalancerSpec): void {
  const absent = { jacobian: [JACOBIAN[0]!, JACOBIAN[1]!, JACOBIAN[2]!.map(() => 0)], present: [true, true, false] };
  const directionsWith = (loss: number) => {
    const balancer = make(spec);
    const all = [WHOLE, { ...absent, losses: [0.6, 2, loss] }, { ...absent, losses: [0.5, 1.8, 2 * loss] }, WHOLE];
    return { 'the directions': all.flatMap((problem, at) => step(balancer, problem, at)) };
  };
  expectAgreement(directionsWith(7), directionsWith(0), 1e-6, {
    what: 'the same directions whatever the loss of a task without labels',
    fix: 'Read `present`, and leave out the losses of tasks that are not.',
  });
}

/** With the same problem at each step, directions don't grow without end. */
function checkGrowth(spec: BalancerSpec): void {
  const balancer = make(spec);
  const lengths = Array.from({ length: 200 }, (_, at) => length(step(balancer, WHOLE, at)));
  const [early, late] = [Math.max(...lengths.slice(0, 20)), Math.max(...lengths.slice(-20))];
  if (late <= 10 * early) return;
  broken({
    expected: `directions no longer than ten times the first ones, ${(10 * early).toPrecision(4)}`,
    seen: `${late.toPrecision(4)} after 200 steps of the same problem`,
    fix: 'Normalize the weights, or bound what they add up.',
  });
}

/** Losses and gradients times numbers have the same direction of the first step. */
function checkScales(spec: BalancerSpec): void {
  const scale = [1, 40, 0.3];
  const scaled = {
    jacobian: JACOBIAN.map((row, t) => row.map((value) => value * scale[t]!)),
    losses: LOSSES.map((loss, t) => loss * scale[t]!),
  };
  const likeness = cosine(step(make(spec), scaled), step(make(spec), WHOLE));
  if (likeness > 1 - 5e-7) return;
  broken({
    expected: 'the same direction when losses are multiplied by 1, 40 and 0.3',
    seen: `a direction with a cosine of ${likeness} to it`,
    fix: 'Leave out { scaleInvariant: true } unless the rule promises it.',
  });
}

/** A balancer, or a function from task names to a balancer whose configuration depends on them. */
export type BalancerSource = BalancerSpec | ((tasks: readonly string[]) => BalancerSpec);

/**
 * Tests a balancer: the promises of its kind, and those of every component. The tasks are `a`, `b` and `c`, or some of them. Pass a function
 * of the task names if the configuration of the balancer depends on them.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testBalancer(nashMtl(), { runner });
 * testBalancer((tasks) => staticWeights(tasks.map(() => 2)), { runner });
 */
export const testBalancer = tester('balancer', {}, (source: BalancerSource) => {
  const specOf = (tasks: readonly string[]) => (typeof source === 'function' ? source(tasks) : source);
  const spec = specOf(TASKS);
  const optimizer = sgd(0.1, { momentum: 0.9 });
  return {
    spec,
    numbers: (each) => run(make(each as BalancerSpec), 0, 3),
    fit: {
      model: () => tinyModel(tinyNetwork(), { tasks: TASKS }),
      options: { balancing: spec, optimizer },
    },
    way: () => ({ fit: { balancing: specOf(['a', 'b']), optimizer } }),
    own: {
      'one task has its own gradient': () => checkOneTask(specOf(['a'])),
      'it knows no order of tasks': () => checkOrder(specOf),
      'all chance comes from the seed': () => checkRepeats(spec),
      'it continues from a saved state': () => checkRestored(spec),
      'it takes a task without a label in the batch': () => checkPresence(spec),
      'a task without labels changes nothing': () => checkAbsence(spec),
      'its directions do not grow without end': () => checkGrowth(spec),
      ...(traitsOf(spec).scaleInvariant && { 'it keeps its direction when a loss is scaled': () => checkScales(spec) }),
    },
  };
});
