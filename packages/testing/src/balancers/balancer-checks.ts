import { sum } from '@polytask/components';
import { createBalancer, type Balancer, type BalancerSpec, type Json } from '@polytask/balancing';
import { randomDraws, randomStream } from '@polytask/core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite } from '../cases/agreement.ts';
import { checkJson } from '../checks/repeatable.ts';

/** A vector in each row. */
type Rows = readonly (readonly number[])[];

/** Σ w_i g_i */
const combined = (weights: readonly number[], jacobian: Rows): number[] =>
  jacobian[0]!.map((_, p) => sum(weights, (weight, i) => weight * jacobian[i]![p]!));

const product = (a: readonly number[], b: readonly number[]): number => sum(a, (value, i) => value * b[i]!);

/** J Jᵀ */
const products = (jacobian: Rows): number[][] => jacobian.map((a) => jacobian.map((b) => product(a, b)));

const length = (vector: readonly number[]): number => Math.hypot(...vector);

/** The cosine of two vectors. */
const cosine = (a: readonly number[], b: readonly number[]): number => product(a, b) / (length(a) * length(b));

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

/** The spec is plain JSON, and the balancer of that JSON has the same directions. */
export const checkBalancerJson = (spec: BalancerSpec): void =>
  checkJson(spec, (each) => run(make(each), 0, 3), { what: 'directions', of: 'rule' });

/** One task has the direction of its gradient, and its length as well if the balancer is `exact`. */
export function checkOneTask(spec: BalancerSpec, exact: boolean): void {
  const [gradient] = JACOBIAN;
  const only = step(make(spec, 1, ['a']), problemOf([0]));
  if (!(cosine(only, gradient!) > 1 - 5e-7)) {
    broken({
      expected: 'the direction of the gradient of one task',
      seen: `a direction with a cosine of ${cosine(only, gradient!)} to it`,
      fix: 'Let the rule give a positive multiple of the only gradient.',
    });
  }
  if (!exact) return;
  if (!(Math.abs(length(only) - length(gradient!)) < 5e-6)) {
    broken({
      expected: `the gradient of one task, of length ${length(gradient!)}`,
      seen: `one of length ${length(only)}`,
      fix: 'Scale the weights, or pass { exact: false } to the conformance test if that is meant.',
    });
  }
}

/** The tasks in another order have the same direction. */
export function checkOrder(specOf: (tasks: readonly string[]) => BalancerSpec, count: 2 | 3): void {
  const order = count === 2 ? [1, 0] : [2, 0, 1];
  const directionOf = (indices: readonly number[]) => {
    const tasks = indices.map((t) => TASKS[t]!);
    return step(make(specOf(tasks), 1, tasks), problemOf(indices));
  };
  const [straight, permuted] = [directionOf([...order].sort()), directionOf(order)];
  permuted.forEach((value, p) => {
    if (Math.abs(value - straight[p]!) < 5e-6) return;
    broken({
      expected: `the same direction for tasks in another order: ${straight[p]} at ${p}`,
      seen: String(value),
      fix: 'Treat all tasks alike. If the rule draws an order or numbers of tasks, pass { orderless: 2 } or { orderless: 1 }.',
    });
  });
}

/** The same seed has the same directions, and another seed has others if the balancer is random. */
export function checkRepeats(spec: BalancerSpec, random: boolean): void {
  const first = run(make(spec, 5), 0, 4);
  expectAgreement(run(make(spec, 5), 0, 4), first, 0, { what: 'the same directions from the same seed', fix: PURE });
  const seen = new Set([6, 7, 8, 9].map((seed) => String(run(make(spec, seed), 0, 4).directions)));
  if (seen.size > 1 === random) return;
  broken({
    expected: random ? 'other directions from other seeds' : 'the same directions from every seed',
    seen: `${seen.size} ways from four seeds`,
    fix: `Pass { random: ${!random} } to the conformance test if that is meant.`,
  });
}

/** A balancer with a restored state goes on as the one that was never stopped, and leaves the restored state as it is. */
export function checkRestored(spec: BalancerSpec, random: boolean): void {
  const straight = make(spec);
  run(straight, 0, 4);
  const first = make(spec);
  run(first, 0, 4);
  const saved = JSON.stringify(first.state);
  expectPlain(first.state);
  const second = make(spec);
  if (random) run(second, 0, 4); // brings its stream to the place
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
export function checkPresence(spec: BalancerSpec): void {
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

function expectRefusal(what: string, message: string, act: () => unknown): void {
  const fix = 'Create the balancer with createBalancer, which checks what it is given.';
  try {
    act();
  } catch (error) {
    if (String(error).includes(message)) return;
    broken({ expected: `an error for ${what} with "${message}"`, seen: String(error), fix });
  }
  broken({ expected: `an error for ${what}`, seen: 'none', fix });
}

/** Losses, gradients and states of other tasks are errors, and so are numbers that are not finite. */
export function checkRefusals(spec: BalancerSpec): void {
  const balancer = make(spec);
  const [place, input] = [placeOf(0), inputOf(WHOLE)];
  const learn = (more: object) => () => balancer.learn(place, { ...input, ...more });
  expectRefusal('two losses', 'Expected 3 losses (a, b, c), received 2.', learn({ losses: [1, 2] }));
  const notFinite = 'Expected a finite loss of task "b", received NaN.';
  expectRefusal('a loss of NaN', notFinite, learn({ losses: [1, NaN, 2] }));
  expectRefusal('one mark of presence', 'received 1 marks of presence', learn({ present: [true] }));
  expectRefusal("another's state", 'Expected a state of', () => balancer.restore('another'));
  if (balancer.contract === 'gramian') {
    const weights = (gramian: number[][]) => () => balancer.weights(place, { ...input, gramian });
    expectRefusal('a Gramian of one task', 'Expected a Gramian [3][3], received [1][1].', weights([[1]]));
    const wrong = products(JACOBIAN);
    wrong[0]![1] = Infinity;
    expectRefusal('an infinite product', 'Expected a finite inner product of "a" and "b"', weights(wrong));
  }
  if (balancer.contract === 'jacobian') {
    const jacobian = [Float32Array.of(1)];
    const vector = () => balancer.vector(place, { ...input, jacobian });
    expectRefusal('one gradient', 'Expected 3 gradients of one length', vector);
  }
}

/** Losses and gradients times numbers have the same direction of the first step. */
export function checkScales(spec: BalancerSpec): void {
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
