import { requireNumber } from '../require-number.ts';
import type { LearningRate } from '../schedules/schedule.ts';
import { adamRule, checkMoments, type Moments } from './adam-rule.ts';
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
export function adamW(learningRate: LearningRate = 1e-3, options: AdamWOptions = {}): OptimizerSpec<Required<AdamWOptions>> {
  const { weightDecay = 0.01 } = options;
  requireNumber('weightDecay', weightDecay, { min: 0 }, 'Leave it out for 0.01.');
  return define(learningRate, { ...checkMoments(options), weightDecay });
}
