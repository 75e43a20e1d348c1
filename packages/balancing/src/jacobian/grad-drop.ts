import { optional, share, type FromDescription, type Written } from '@polytask/components';
import { defineJacobian, type BalancerSpec } from '../define.ts';
import { ofTasks, taskNumbers } from '../given-weights.ts';

const options = {
  /** ℓ: the share of a task's gradient that always passes, from 0 to 1. */
  leak: optional(taskNumbers(share), 0),
};

export interface GradDropOptions extends Written<typeof options>, FromDescription {}

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
export const gradDrop: (config?: GradDropOptions) => BalancerSpec<'jacobian'> = defineJacobian(
  'graddrop',
  {
    start: ({ leak }, tasks): readonly number[] => ofTasks(leak, tasks, 'graddrop.leak'),

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
    options,
  },
);
