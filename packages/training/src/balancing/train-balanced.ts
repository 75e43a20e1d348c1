import {
  balancerNeeds,
  createBalancer,
  turned,
  type Balancer,
  type BalancerSpec,
  type Turning,
  gradientDiagnostics,
  type GradientDiagnostics,
  type TaskLosses,
  type TrainingPosition,
} from '@polytask/balancing';
import { recordOf } from '@polytask/components';
import { fail, labelsOf, randomDraws, type MultiTaskModel, type Tasks, groupedTasks } from '@polytask/core';
import type { Recipe, TrainingStep } from '../engine.ts';
import { clipFlat } from '../optimizers/optimizer.ts';
import {
  FlatState,
  flatStep,
  type EnginePasses,
  type GradientSource,
  type PassNumbers,
  type RunPass,
} from '../steps/flat-step.ts';
import { findCut, findSharedParts, NO_PARTS, withTables, type SharedParts } from './shared-parts.ts';

export const balancerFor = <T extends Tasks>(
  model: Pick<MultiTaskModel<T>, 'taskNames' | 'store'>,
  spec: BalancerSpec,
): Balancer =>
  createBalancer(spec, { tasks: model.taskNames, random: randomDraws(model.store.stream('balancing')) }) as Balancer;

/** Training steps with balanced losses or gradients, which are combined on the host. A balancer that turns rotations adds them to the model. */
export async function trainBalanced<T extends Tasks>(
  typedModel: MultiTaskModel<T>,
  recipe: Recipe,
  balancing: BalancerSpec,
  passesOf: (model: MultiTaskModel, state: FlatState) => EnginePasses,
): Promise<TrainingStep> {
  const model = typedModel as unknown as MultiTaskModel; // any task names
  const { schema, taskNames } = model;
  const { contract, of, rotates } = balancerNeeds(balancing);
  const state = new FlatState(model, recipe);
  const passes = passesOf(model, state);
  await passes.reload();
  const parts = contract === 'losses' ? NO_PARTS : await findSharedParts(model, state, passes);
  const cut = of === 'representation' ? await findCut(model, state, passes, parts) : undefined;
  const rotations = rotates && parts.shared.length > 0 ? await rotationsOf(model, balancing, rotates, cut!) : undefined;
  if (rotations) await passes.reload();
  const balancer = balancerFor(model, balancing);
  const grouped = groupedTasks(schema.tasks);
  const counts = taskNames.map((name) => schema.tasks[name]!.weight ?? 1);
  const source: GradientSource = {
    balancer,
    async gradients(run, batch, { step }, epoch) {
      const isLabeled = taskNames.map((name) => labelsOf(batch, name).weights.some((weight) => weight > 0));
      const { losses, gradients, weights, diagnostics, pulls } = await balancedGradients(run, {
        ...{ balancer, cut, turns: rotations !== undefined, place: { step: step - 1, epoch } },
        ...{ parts: withTables(parts, state, batch.size), counts },
        taskLosses: (pass) => ({
          losses: counts.map((count, i) => count * pass.losses[i]!),
          // a loss that compares rows is 0 when there is nothing to compare, as without a label
          present: taskNames.map((name, i) => isLabeled[i]! && !(grouped.includes(name) && pass.losses[i] === 0)),
        }),
      });
      if (gradients) state.setGradients(clipFlat(gradients, recipe.clip), batch.size);
      return {
        losses,
        hasGradients: gradients !== undefined,
        finish: pulls && (() => passes.assign(rotations!.parameter, rotations!.turn(pulls, step - 1))),
        balancing: {
          ...(weights && { weights: recordOf(taskNames, (_, i) => weights[i]!) }),
          ...(diagnostics && { gradients: { ...diagnostics } }),
        },
      };
    },
    reload: async () => rotations?.read(),
  };
  return flatStep(model, { state, passes, source });
}

/** The rotations of the model in host memory, [tasks, m, m]: a balancer turns them. A model without rotations gets them. */
async function rotationsOf(model: MultiTaskModel, { name }: BalancerSpec, rotates: Turning, cut: string) {
  const { levels } = model.network;
  const last = levels.at(-1);
  if (cut !== `levels.${levels.length - 1}` || !last?.linear) {
    fail({
      expected:
        "a last level of experts that several tasks take from, by gates that don't read those experts, " +
        `for ${name} to turn what heads read`,
      received:
        last && cut === `levels.${levels.length - 1}`
          ? "gates that do, or experts that some of their readers don't train"
          : `sharing that ends at ${cut}, of ${levels.length} levels`,
      fix: "Scale gradients alone, by rotoGradScale({ of: 'representation' }), or share experts at the last level.",
    });
  }
  model.rotate(rotates.size === undefined ? {} : { size: rotates.size });
  const { parameter } = model.rotations!;
  let kernels: Float32Array;
  const read = async () => {
    kernels = Float32Array.from(await model.store.get(parameter).variable.data<'float32'>());
  };
  await read();
  return {
    parameter,
    read,
    turn(pulls: Float32Array, step: number): Float32Array {
      const next = new Float32Array(kernels.length);
      const size = next.length / model.taskNames.length;
      for (let from = 0; from < next.length; from += size) {
        const [kernel, pull] = [kernels, pulls].map((numbers) => numbers.subarray(from, from + size));
        next.set(turned(kernel!, pull!, rotates.learningRate * rotates.decay ** step), from);
      }
      return (kernels = next);
    },
  };
}

interface BalancedGradients {
  /** [tasks + auxiliary + 1] */
  readonly losses: Float32Array;
  /** [P]; undefined when a loss isn't finite */
  readonly gradients?: Float32Array;
  /** [T]; undefined for a balancer of Jacobians */
  readonly weights?: readonly number[] | undefined;
  readonly diagnostics?: GradientDiagnostics;
  /** [T, m, m], the pulls of the gradients at the rotations */
  readonly pulls?: Float32Array | undefined;
}

interface BalanceOptions {
  readonly balancer: Balancer;
  readonly parts: SharedParts;
  readonly cut: string | undefined;
  readonly turns: boolean;
  /** [T], the weights of the tasks in the model */
  readonly counts: readonly number[];
  readonly place: TrainingPosition;
  /** The losses that a balancer reads. */
  taskLosses(pass: PassNumbers): TaskLosses;
}

/** The least weight, relative to the greatest. A weight of 0 would remove the gradient of the task's own parameters, too. */
const LEAST = 1e-6;

/** Weights whole losses, or changes the gradients of shared parameters only. Auxiliary losses are added without a weight. */
async function balancedGradients(run: RunPass, options: BalanceOptions): Promise<BalancedGradients> {
  const { balancer, parts } = options;
  if (balancer.contract === 'losses') return byLosses(run, balancer, options);
  if (parts.shared.length === 0) {
    const weights = options.counts.map(() => 1);
    const pass = await run('weighted', { weights });
    return balanced(pass, pass.gradients!, weights);
  }
  if (balancer.contract === 'gramian' && balancer.needs.of === 'representation')
    return byRepresentation(run, balancer, options);
  return byJacobian(run, balancer, options);
}

async function byLosses(
  run: RunPass,
  balancer: Balancer & { contract: 'losses' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const lossPass = balancer.needsLosses ? await run('losses') : undefined;
  if (lossPass && !isFinite(lossPass)) return { losses: lossPass.losses };
  const weights = balancer.weights(options.place, lossPass && options.taskLosses(lossPass));
  const pass = await run('weighted', { weights });
  if (!isFinite(pass)) return { losses: pass.losses };
  balancer.learn(options.place, options.taskLosses(pass));
  return balanced(pass, pass.gradients!, weights);
}

async function byRepresentation(
  run: RunPass,
  balancer: Balancer & { contract: 'gramian' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const cutPass = await run(options.turns ? 'rotations' : 'representation', { cut: options.cut });
  if (!isFinite(cutPass)) return { losses: cutPass.losses };
  const gramian = squareOf(cutPass.gramian!, options.counts.length);
  const numbers = { ...options.taskLosses(cutPass), gramian };
  const weights = balancer.weights(options.place, numbers);
  balancer.learn(options.place, numbers);
  const greatest = Math.max(...weights.map(Math.abs)) || 1;
  const passWeights = weights.map((weight) => (Math.abs(weight) < LEAST * greatest ? LEAST * greatest : weight));
  const pass = await run('weighted', { weights: passWeights });
  const gradients = Float32Array.from(pass.gradients!);
  for (const { from, size, task } of options.parts.own) {
    for (let p = from; p < from + size; p++) gradients[p]! /= passWeights[task]!;
  }
  return { ...balanced(pass, gradients, weights), diagnostics: gradientDiagnostics(gramian), pulls: cutPass.pulls };
}

async function byJacobian(
  run: RunPass,
  balancer: Balancer & { contract: 'gramian' | 'jacobian' },
  options: BalanceOptions,
): Promise<BalancedGradients> {
  const { parts, counts, place } = options;
  const pass = await run('jacobian', { shared: parts.shared });
  if (!isFinite(pass)) return { losses: pass.losses };
  const gramian = squareOf(pass.gramian!, counts.length);
  const width = pass.jacobian!.length / counts.length;
  const jacobian = counts.map((_, i) => pass.jacobian!.subarray(i * width, (i + 1) * width));
  const numbers = { ...options.taskLosses(pass), gramian, jacobian };
  const weights = balancer.contract === 'gramian' ? balancer.weights(place, numbers) : undefined;
  const vector = balancer.contract === 'gramian' ? combined(jacobian, weights!) : balancer.vector(place, numbers);
  balancer.learn(place, numbers);
  const gradients = Float32Array.from(pass.gradients!);
  let at = 0;
  for (const { from, size } of parts.shared) {
    gradients.set(vector.subarray(at, at + size), from);
    at += size;
  }
  return { ...balanced(pass, gradients, weights), diagnostics: gradientDiagnostics(gramian) };
}

/** The numbers of a sum that fit into the nearest cache of the processor. */
const BLOCK = 2048;

function combined(jacobian: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(jacobian[0]!.length);
  for (let from = 0; from < sum.length; from += BLOCK) {
    const to = Math.min(sum.length, from + BLOCK);
    jacobian.forEach((row, i) => {
      const weight = weights[i]!;
      for (let p = from; p < to; p++) sum[p]! += weight * row[p]!;
    });
  }
  return sum;
}

const balanced = (
  { losses, auxiliary }: PassNumbers,
  gradients: Float32Array,
  weights: readonly number[] | undefined,
): BalancedGradients => ({
  losses,
  gradients: auxiliary ? gradients.map((value, p) => value + auxiliary[p]!) : gradients,
  weights,
});

const squareOf = (numbers: Float32Array, size: number): number[][] =>
  Array.from({ length: size }, (_, i) => [...numbers.subarray(i * size, (i + 1) * size)]);

const isFinite = ({ losses }: PassNumbers): boolean => losses.every(Number.isFinite);
