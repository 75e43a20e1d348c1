import type { BalancerSpec } from '@polytask/balancing';
import { checks, readOptions, type FromDescription, type Written } from '@polytask/core';
import { sgd } from '@polytask/training';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { checkBothEngines, checkResumed } from '../checks/fits.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks } from '../way/whole-way.ts';
import {
  checkBalancerJson,
  checkOneTask,
  checkOrder,
  checkPresence,
  checkRefusals,
  checkRepeats,
  checkRestored,
  checkScales,
} from './balancer-checks.ts';

/** A balancer, or a function from task names to a balancer whose configuration depends on them. */
export type BalancerSource = BalancerSpec | ((tasks: readonly string[]) => BalancerSpec);

const { flag, oneOf, optional } = checks;

const description = {
  ...caseOptions,
  ...deployment,
  /** False if one task gets a multiple of its own gradient, and not the gradient itself. */
  exact: optional(flag, true),
  /** Whether the direction of the first step stays the same when a loss is multiplied by a number. */
  scaleInvariant: optional(flag, false),
  /** Whether the balancer draws random numbers. */
  random: optional(flag, false),
  /**
   * For how many tasks the order makes no difference, with the same random numbers: 2 for a rule that draws an order of the tasks, and 1
   * for a rule that draws a number for each task.
   */
  orderless: optional(oneOf(1, 2, 3), 3),
};

/** How a balancer differs from the defaults of the contract. */
export interface BalancerCaseOptions extends Written<typeof description>, FromDescription {}

const TASKS = ['a', 'b', 'c'];
const STEPS = sgd(0.1, { momentum: 0.9 });

/**
 * Registers the promises of a balancer as a group of tests, one for each. The tasks are `a`, `b` and `c`, or some of them. Pass a function
 * of the task names if the configuration of the balancer depends on them.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testBalancer(pcGrad(), { random: true, orderless: 2, runner });
 * testBalancer((tasks) => staticWeights(tasks.map(() => 2)), { exact: false, runner });
 */
export function testBalancer(source: BalancerSource, options: BalancerCaseOptions = {}): void {
  const read = readOptions(options, description, 'testBalancer');
  const { exact, scaleInvariant, random, orderless, compiled } = read;
  const specOf = (tasks: readonly string[]) => (typeof source === 'function' ? source(tasks) : source);
  const spec = specOf(TASKS);
  const build = () => tinyModel(tinyNetwork(), { tasks: TASKS });
  const recipe = { balancing: spec, optimizer: STEPS };
  const promises = {
    'its spec is plain JSON and says all': () => checkBalancerJson(spec),
    'one task has its own gradient': () => checkOneTask(specOf(['a']), exact),
    ...(orderless > 1 && { 'it knows no order of tasks': () => checkOrder(specOf, orderless as 2 | 3) }),
    'all chance comes from the seed': () => checkRepeats(spec, random),
    'it continues from a saved state': () => checkRestored(spec, random),
    'it takes a task without a label in the batch': () => checkPresence(spec),
    'it refuses what is not of its tasks, and what is not finite': () => checkRefusals(spec),
    ...(scaleInvariant && { 'it keeps its direction when a loss is scaled': () => checkScales(spec) }),
    'a fit is finite, and the same on both engines': () =>
      checkBothEngines(build, recipe, {
        compiled,
        fix: 'Guard divisions at 0, and branch on no number that rounding changes.',
      }),
    'a killed fit goes on bit for bit': () =>
      checkResumed(build, recipe, 'Keep all that the rule learns in its state, and draw from `random` alone.'),
    ...wayChecks(() => ({ fit: { balancing: specOf(['a', 'b']), optimizer: STEPS } }), read),
  };
  registerChecks(`balancer ${read.name ?? spec.name}`, promises, read);
}
