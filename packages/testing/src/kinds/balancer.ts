import { createBalancer, type Balancer, type BalancerSpec, type Json } from '@polytask/balancing';
import { mean, sum, traitsOf } from '@polytask/components';
import { randomDraws, randomStream } from '@polytask/core';
import { expectThat, when } from '../cases/case.ts';
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

/** The direction of a step, after which the balancer has learned from it. The weights and the state are finite. */
function step(balancer: Balancer, { jacobian, ...others }: Problem, at = 0): number[] {
  const place = { step: at, epoch: Math.floor(at / 2) };
  const input = { ...others, gramian: products(jacobian), jacobian: jacobian.map((row) => Float32Array.from(row)) };
  const weights = balancer.contract === 'jacobian' ? balancer.vector(place, input) : balancer.weights(place, input);
  expectFinite({ 'the weights': weights });
  balancer.learn(place, input);
  expectPlain(balancer.state);
  return balancer.contract === 'jacobian' ? [...weights] : combined([...weights], jacobian);
}

/** The directions of the steps from `from` to `to` − 1, with losses that fall at different speeds. */
const run = (balancer: Balancer, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => {
    const losses = LOSSES.map((loss, t) => loss / (1 + (from + i) * (t + 1)));
    return step(balancer, { jacobian: JACOBIAN, losses }, from + i);
  }).flat();

/** A state is finite numbers, texts, null, lists and plain objects: what JSON keeps as it is. */
function expectPlain(state: unknown, where = 'the state'): void {
  if (state === null || typeof state === 'string' || typeof state === 'boolean' || Number.isFinite(state)) return;
  const prototype: unknown = typeof state === 'object' && Object.getPrototypeOf(state);
  const isPlain = prototype === Array.prototype || prototype === Object.prototype;
  const seen = typeof state === 'number' ? String(state) : Object.prototype.toString.call(state);
  const fix = 'Write a number that is not set yet as null, and lists of numbers as lists.';
  expectThat(isPlain, `plain JSON with finite numbers at ${where}`, seen, fix);
  for (const [key, each] of Object.entries(state as object)) expectPlain(each, `${where}.${key}`);
}

/** One task has the direction of its gradient, and its length as well unless the balancer is `rescaling`. */
function checkOneTask(spec: BalancerSpec): void {
  const gradient = JACOBIAN[0]!;
  const only = step(make(spec, 1, ['a']), problemOf([0]));
  expectAlong(only, gradient, 'the direction of the gradient of one task');
  if (traitsOf(spec).rescaling) return;
  const [own, wanted] = [only, gradient].map(length) as [number, number];
  expectThat(Math.abs(own - wanted) < 5e-6, `the gradient of one task, of length ${wanted}`, `one of length ${own}`);
}

function expectAlong(seen: readonly number[], wanted: readonly number[], what: string): void {
  const cosine = sum(seen, (value, i) => value * wanted[i]!) / (length(seen) * length(wanted));
  expectThat(cosine > 1 - 5e-7, what, `a direction with a cosine of ${cosine} to it`);
}

/** How often a rule with random numbers is asked for a direction, whose mean is compared, and the allowed number of standard errors. */
const [TIMES, ERRORS] = [256, 5];

/** The tasks in another order have the same direction; the same in the mean over seeds, if the rule draws random numbers. */
function checkOrder(specOf: (tasks: readonly string[]) => BalancerSpec): void {
  const seeds = [6, 7, 8, 9].map((seed) => String(run(make(specOf(TASKS), seed), 0, 4)));
  const times = new Set(seeds).size > 1 ? TIMES : 1;
  const directions = (order: readonly number[], from: number) => {
    const tasks = order.map((t) => TASKS[t]!);
    return Array.from({ length: times }, (_, i) => step(make(specOf(tasks), from + i, tasks), problemOf(order)));
  };
  const both = [directions([0, 1, 2], 1), directions([2, 0, 1], 1 + TIMES)];
  JACOBIAN[0]!.forEach((_, p) => {
    const [a, b] = both.map((all) => all.map((direction) => direction[p]!)) as [number[], number[]];
    const error = Math.sqrt(sum([a, b], (all) => variance(all) / all.length));
    const what = `the same direction for tasks in another order: ${mean(a)} at ${p}${times > 1 ? ' in the mean' : ''}`;
    expectThat(Math.abs(mean(a) - mean(b)) < 5e-6 + ERRORS * error, what, mean(b));
  });
}

const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

/** A balancer with a restored state goes on as the one that was never stopped, and leaves the restored state as it is. */
function checkRestored(spec: BalancerSpec): void {
  const [straight, first, second] = [make(spec), make(spec), make(spec)];
  for (const each of [straight, first, second]) run(each, 0, 4); // which brings the stream of the second to the place
  const saved = JSON.stringify(first.state);
  second.restore(JSON.parse(saved) as Json);
  const wanted = run(straight, 4, 8);
  expectAgreement(run(second, 4, 8), wanted, 0, 'the directions of a balancer that was never stopped');
  second.restore(first.state);
  run(second, 8, 9);
  const after = JSON.stringify(first.state);
  expectThat(after === saved, `a state that further steps leave as it is, ${saved}`, after);
}

/** A task whose gradient is 0, because the batch has no label of it, leaves weights, directions and states finite. */
function checkPresence(spec: BalancerSpec): void {
  const balancer = make(spec);
  const jacobian = [JACOBIAN[0]!, JACOBIAN[0]!.map(() => 0), JACOBIAN[2]!];
  for (let at = 0; at < 5; at++) step(balancer, { jacobian, losses: [0.7, 0, 0.1], present: [true, false, true] }, at);
}

/** What the loss of a task says that is not present changes nothing, in this step and in later ones. */
function checkAbsence(spec: BalancerSpec): void {
  const absent = { jacobian: [JACOBIAN[0]!, JACOBIAN[1]!, JACOBIAN[2]!.map(() => 0)], present: [true, true, false] };
  const directionsWith = (loss: number) => {
    const balancer = make(spec);
    const all = [WHOLE, { ...absent, losses: [0.6, 2, loss] }, { ...absent, losses: [0.5, 1.8, 2 * loss] }, WHOLE];
    return all.flatMap((problem, at) => step(balancer, problem, at));
  };
  const what = 'the same directions whatever the loss of a task without labels';
  expectAgreement(directionsWith(7), directionsWith(0), 1e-6, what);
}

/** With the same problem at each step, directions don't grow without end. */
function checkGrowth(spec: BalancerSpec): void {
  const balancer = make(spec);
  const lengths = Array.from({ length: 200 }, (_, at) => length(step(balancer, WHOLE, at)));
  const [most, late] = [10 * Math.max(...lengths.slice(0, 20)), Math.max(...lengths.slice(-20))];
  const what = `directions no longer than ten times the first ones, ${most.toPrecision(4)}`;
  expectThat(late <= most, what, `${late.toPrecision(4)} after 200 steps of the same problem`);
}

/** Losses and gradients times numbers have the same direction of the first step. */
function checkScales(spec: BalancerSpec): void {
  const scale = [1, 40, 0.3];
  const jacobian = JACOBIAN.map((row, t) => row.map((value) => value * scale[t]!));
  const scaled = step(make(spec), { jacobian, losses: LOSSES.map((loss, t) => loss * scale[t]!) });
  const what = 'the same direction when losses are multiplied by 1, 40 and 0.3';
  expectAlong(scaled, step(make(spec), WHOLE), what);
}

/** A balancer, or a function from task names to a balancer whose configuration depends on them. */
export type BalancerSource = BalancerSpec | ((tasks: readonly string[]) => BalancerSpec);

/**
 * Tests a balancer. The tasks are `a`, `b` and `c`, or some of them. Pass a function of the task names if the configuration of the balancer
 * depends on them.
 *
 * @example
 * testBalancer(nashMtl(), { runner });
 * testBalancer((tasks) => staticWeights(tasks.map(() => 2)), { runner });
 */
export const testBalancer = tester('balancer', {}, (source: BalancerSource) => {
  const specOf = (tasks: readonly string[]) => (typeof source === 'function' ? source(tasks) : source);
  const spec = specOf(TASKS);
  const optimizer = sgd(0.1, { momentum: 0.9 });
  const options = { balancing: spec, optimizer };
  return {
    spec,
    numbers: (each) => ({ 'the directions': run(make(each as BalancerSpec), 0, 4) }),
    fit: { model: () => tinyModel(tinyNetwork(), { tasks: TASKS }), options },
    way: () => ({ fit: { balancing: specOf(['a', 'b']), optimizer } }),
    own: {
      'one task has its own gradient': [
        'Give a positive multiple of the only gradient: its own length, or say `traits: { rescaling: true }` in the definition.',
        () => checkOneTask(specOf(['a'])),
      ],
      'it knows no order of tasks': ['Treat all tasks alike.', () => checkOrder(specOf)],
      'it continues from a saved state': [
        'Keep all that the rule learns in its state. Let `learn` give a new state, and change nothing of the one that it gets.',
        () => checkRestored(spec),
      ],
      'it takes a task without a label in the batch': [
        'Leave out tasks that are not `present`: their losses and gradients are 0.',
        () => checkPresence(spec),
      ],
      'a task without labels changes nothing': [
        'Read `present`, and leave out the losses of tasks that are not.',
        () => checkAbsence(spec),
      ],
      'its directions do not grow without end': [
        'Normalize the weights, or bound what they add up.',
        () => checkGrowth(spec),
      ],
      ...when(traitsOf(spec).scaleInvariant, {
        'it keeps its direction when a loss is scaled': [
          'Leave out { scaleInvariant: true } unless the rule promises it.',
          () => checkScales(spec),
        ],
      }),
    },
  };
});
