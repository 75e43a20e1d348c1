import { checkOptions } from '@polytask/core';
import type { LearningRate } from '../schedules/schedule.ts';
import { adamRule, momentOptions, type Moments } from './adam-rule.ts';
import { defineOptimizer, type OptimizerSpec } from './optimizer.ts';

export interface AdamOptions extends Moments {
  /** L2: times the parameter, added to the gradient. Default 0. For the decoupled kind use `adamW`. */
  weightDecay?: number;
}

const define = defineOptimizer<Required<AdamOptions>>(
  'adam',
  adamRule((weightDecay) => ({ l2: weightDecay })),
);

/**
 * Adam (Kingma & Ba 2015, algorithm 1), with PyTorch's defaults and arithmetic:
 *
 *     m = β₁ m + (1 − β₁) g      v = β₂ v + (1 − β₂) g²
 *     θ = θ − lr · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * The bias corrections are computed in double precision (TF.js's own Adam has them in float32, 4.7e-5 off); ε is 1e-8, as
 * in the paper and in PyTorch (TF.js and Keras: 1e-7).
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @example adam(cosine(1e-3, { epochs: 10 }), { weightDecay: 1e-6 })
 */
export function adam(
  learningRate: LearningRate = 1e-3,
  options: AdamOptions = {},
): OptimizerSpec<Required<AdamOptions>> {
  checkOptions(options, momentOptions, 'adam');
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return define(learningRate, { beta1, beta2, epsilon, weightDecay });
}
