import { createBalancer, type Balancer, type BalancerSpec } from '@polytask/balancing';
import { mean, sum, traitsOf } from '@polytask/components';
import { randomDraws, randomStream } from '@polytask/core';
import { expectAgreement, expectFinite, numbersIn } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { sgd } from '@polytask/training';
import { tester } from '../tester.ts';

type Rows = readonly (readonly number[])[];

const dot = (a: readonly number[], b: readonly number[]): number => sum(a, (value, i) => value * b[i]!);
const length = (vector: readonly number[]): number => Math.hypot(...vector);

/** Three tasks, each in conflict with another. */
const JACOBIAN: Rows = [
  [1, -2, 0.5, 0.25, 1],
  [-1.5, 1, 0.5, 1, 0.5],
  [0.1, -0.2, -0.7, 0.3, -0.1],
];
/** Three tasks without a conflict. */
const ALIKE: Rows = [
  [1, 0.2, 0, 0.4, 0.5],
  [0.1, 1, 0.3, 0, 0.5],
  [0, 0.1, 1.2, 0.4, 0.3],
];
const LOSSES = [0.7, 2.5, 0.1];
const TASKS = ['a', 'b', 'c'];

interface Problem {
  readonly jacobian: Rows;
  readonly losses: readonly number[];
  readonly present?: readonly boolean[];
}

const problemOf = (tasks: readonly number[]): Problem => ({
  jacobian: tasks.map((t) => JACOBIAN[t]!),
  losses: tasks.map((t) => LOSSES[t]!),
});
const WHOLE = problemOf([0, 1, 2]);

const make = (spec: BalancerSpec, seed = 1, tasks: readonly string[] = TASKS): Balancer =>
  createBalancer(spec, { tasks, random: randomDraws(randomStream(seed, 'balancing')) }) as Balancer;

/** The direction of a step, after which the balancer has learned from it. The weights and the state are finite. */
function step(balancer: Balancer, { jacobian, ...others }: Problem, at = 0): number[] {
  const place = { step: at, epoch: Math.floor(at / 2) };
  const gramian = jacobian.map((a) => jacobian.map((b) => dot(a, b)));
  const input = { ...others, gramian, jacobian: jacobian.map((row) => Float32Array.from(row)) };
  const isVector = balancer.contract === 'jacobian';
  const weights = [...(isVector ? balancer.vector(place, input) : balancer.weights(place, input))];
  const { state } = balancer;
  const before = JSON.stringify(state);
  balancer.learn(place, input);
  const fix = 'Let `learn` give a new state, and leave the old one as it is.';
  expectThat(JSON.stringify(state) === before, `a state that further steps leave as it is, ${before}`, 'a change', fix);
  expectFinite({ 'the weights': weights, 'the state': numbersIn(balancer.state).map(([, value]) => value) });
  if (isVector) return weights;
  return jacobian[0]!.map((_, p) => sum(weights, (weight, t) => weight * jacobian[t]![p]!));
}

/** The directions of some steps, with losses that fall at different speeds. */
const directionsOf = (balancer: Balancer, steps = 4, jacobian = JACOBIAN): Rows =>
  Array.from({ length: steps }, (_, at) => {
    const losses = LOSSES.map((loss, t) => loss / (1 + at * (t + 1)));
    return step(balancer, { jacobian, losses }, at);
  });

function expectAlong(seen: readonly number[], wanted: readonly number[], what: string): void {
  const cosine = dot(seen, wanted) / (length(seen) * length(wanted));
  expectThat(cosine > 1 - 5e-7, what, `a direction with a cosine of ${cosine} to it`);
}

/** How often a rule with random numbers is asked for a direction, whose mean is compared, and the allowed number of standard errors. */
const [TIMES, ERRORS] = [256, 5];

const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

/** The tasks in another order have the same direction; the same in the mean over seeds, if the rule draws random numbers. */
function checkOrder(specOf: (tasks: readonly string[]) => BalancerSpec): void {
  const seeds = [6, 7, 8, 9].map((seed) => String(directionsOf(make(specOf(TASKS), seed))));
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
export const testBalancer = tester(
  { kind: 'balancer', variant: ({ config = {} }) => ({ config }) },
  (source: BalancerSource) => {
    const specOf = (tasks: readonly string[]) => (typeof source === 'function' ? source(tasks) : source);
    const spec = specOf(TASKS);
    const optimizer = sgd(0.1, { momentum: 0.9 });
    return {
      spec,
      numbers: (each: BalancerSpec) => ({ 'the directions': directionsOf(make(each)).flat() }),
      fit: { options: { balancing: spec, optimizer } },
      way: () => ({ fit: { balancing: specOf(['a', 'b']), optimizer } }),
      own: {
        'one task has its own gradient': check(() => {
          const gradient = JACOBIAN[0]!;
          const only = step(make(specOf(['a']), 1, ['a']), problemOf([0]));
          expectAlong(only, gradient, 'the direction of the gradient of one task');
          const [own, wanted] = [length(only), length(gradient)];
          const fits = traitsOf(spec).rescaling || Math.abs(own - wanted) < 5e-6;
          expectThat(fits, `the gradient of one task, of length ${wanted}`, `one of length ${own}`);
        }, 'Give the only gradient in its own length, or say `traits: { rescaling: true }` in the definition.'),
        'tasks without a conflict all descend': check(() => {
          for (const [at, direction] of directionsOf(make(spec), 20, ALIKE).entries()) {
            const slopes = ALIKE.map((gradient) => dot(direction, gradient));
            const descends = Math.min(...slopes) > -1e-6 && Math.max(...slopes) > 0;
            const what = 'a direction against which no loss rises, for gradients that all point the same way';
            expectThat(
              descends,
              what,
              `the slopes ${slopes.map((each) => each.toPrecision(3)).join(', ')} in step ${at}`,
            );
          }
        }, 'Give no task a negative weight, unless it is in conflict with others.'),
        'it knows no order of tasks': check(() => checkOrder(specOf), 'Treat all tasks alike.'),
        'a task without labels changes nothing': check(() => {
          const jacobian = [JACOBIAN[0]!, JACOBIAN[1]!, JACOBIAN[2]!.map(() => 0)];
          const absent = { jacobian, present: [true, true, false] };
          const directionsWith = (loss: number) => {
            const balancer = make(spec);
            const two = [
              { ...absent, losses: [0.6, 2, loss] },
              { ...absent, losses: [0.5, 1.8, 2 * loss] },
            ];
            return [WHOLE, ...two, WHOLE].flatMap((problem, at) => step(balancer, problem, at));
          };
          const what = 'the same directions whatever the loss of a task without labels';
          expectAgreement(directionsWith(7), directionsWith(0), 1e-6, what);
        }, 'Leave out tasks that are not `present`: their losses and gradients are 0.'),
        'its directions do not grow without end': check(() => {
          const balancer = make(spec);
          const lengths = Array.from({ length: 200 }, (_, at) => length(step(balancer, WHOLE, at)));
          const [most, late] = [10 * Math.max(...lengths.slice(0, 20)), Math.max(...lengths.slice(-20))];
          const what = `directions no longer than ten times the first ones, ${most.toPrecision(4)}`;
          expectThat(late <= most, what, `${late.toPrecision(4)} after 200 steps of the same problem`);
        }, 'Normalize the weights, or bound what they add up.'),
        'it keeps its direction when a loss is scaled': check(
          () => {
            const scale = [1, 40, 0.3];
            const jacobian = JACOBIAN.map((row, t) => row.map((value) => value * scale[t]!));
            const scaled = step(make(spec), { jacobian, losses: LOSSES.map((loss, t) => loss * scale[t]!) });
            const what = 'the same direction when losses are multiplied by 1, 40 and 0.3';
            expectAlong(scaled, step(make(spec), WHOLE), what);
          },
          'Leave out { scaleInvariant: true } unless the rule promises it.',
          ({ scaleInvariant }) => scaleInvariant,
        ),
      },
    };
  },
);
