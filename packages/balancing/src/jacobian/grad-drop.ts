import { number } from '@polytask/components';
import { defineJacobianBalancer } from '../define.ts';
import { ofTasks, taskNumbers, type TaskNumbers } from '../options.ts';

/** Options of {@link gradDrop}. */
export interface GradDropOptions {
  /** ℓ: the share of a task's gradient that always passes, from 0 to 1. Default 0. */
  leak?: TaskNumbers;
}

const share = number('a number in [0, 1]', (value) => value >= 0 && value <= 1);

/**
 * GradDrop (Chen et al., NeurIPS 2020, eq. 1 and algorithm 1). Each number of the gradients keeps one sign: the positive
 * sign with probability P = ½ (1 + Σ g_i / Σ |g_i|), otherwise the negative sign. Gradients of the other sign are multiplied
 * by the leak ℓ_i. Where all signs agree, the result is the sum.
 *
 * It applies to the gradients of shared parameters. The paper also has a form for activations.
 *
 * @throws PolytaskError when a leak is outside of [0, 1]
 * @example
 * createBalancer(gradDrop(), { tasks: ['a'], random })
 *   .vector({ step: 0, epoch: 0 }, { losses: [1], jacobian: [Float32Array.of(3, -2)] })
 *   .join(); // '3,-2'
 */
export const gradDrop = defineJacobianBalancer<Required<GradDropOptions>, readonly number[]>(
  'graddrop',
  {
    start: ({ leak }, tasks) => ofTasks(leak, tasks, 'graddrop.leak'),

    vector(leaks, _config, { random }, { jacobian }) {
      const size = jacobian[0]!.length;
      const draws = random.uniform(size);
      const result = new Float32Array(size);
      for (let p = 0; p < size; p++) {
        let [sum, extent] = [0, 0];
        for (const gradient of jacobian) {
          sum += gradient[p]!;
          extent += Math.abs(gradient[p]!);
        }
        const positive = extent > 0 && (1 + sum / extent) / 2 > draws[p]!; // otherwise the negative gradients pass
        let value = 0;
        for (let i = 0; i < jacobian.length; i++) {
          const own = jacobian[i]![p]!;
          value += own > 0 === positive ? own : leaks[i]! * own;
        }
        result[p] = value;
      }
      return result;
    },
  },
  {
    description: 'one sign survives in each number',
    paper: 'Chen et al., NeurIPS 2020',
    package: '@polytask/balancing',
    variants: { graddrop: {} },
    options: { leak: taskNumbers(share) },
    defaults: { leak: 0 },
  },
);
