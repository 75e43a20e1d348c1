import { checkOptions } from '@polytask/core';
import type { LearningRate } from '../schedules/schedule.ts';
import { adamRule, momentOptions, type Moments } from './adam-rule.ts';
import { defineOptimizer, type OptimizerSpec } from './optimizer.ts';

export interface AdamWOptions extends Moments {
  /** The share of lr · parameter that is taken away at each step. Default 0.01. */
  weightDecay?: number;
}

const define = defineOptimizer<Required<AdamWOptions>>(
  'adamW',
  adamRule((weightDecay, learningRate) => ({ keep: 1 - learningRate * weightDecay })),
);

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), with PyTorch's defaults and order: first
 * θ = θ − lr · weightDecay · θ, then Adam's step.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @example adamW(1e-3, { weightDecay: 0.05 })
 */
export function adamW(
  learningRate: LearningRate = 1e-3,
  options: AdamWOptions = {},
): OptimizerSpec<Required<AdamWOptions>> {
  checkOptions(options, momentOptions, 'adamW');
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  return define(learningRate, { beta1, beta2, epsilon, weightDecay });
}
