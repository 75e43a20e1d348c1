import { notNegative, positive } from '@polytask/components';
import {
  belowOne,
  defineOptimizer,
  type DefineOptimizerOptions,
  type IdleMotion,
  type OptimizerRule,
  withDecay,
} from './optimizer.ts';

export interface AdamOptions {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  beta2?: number;
  /** Added to the root of the second moment. Default 1e-8, as in PyTorch. */
  epsilon?: number;
  /** L2 regularization: this factor times the parameter is added to the gradient. Default 0. `adamW` decouples the decay. */
  weightDecay?: number;
}

export interface AdamWOptions extends Omit<AdamOptions, 'weightDecay'> {
  /** Each step subtracts this share of lr · parameter. Default 0.01. */
  weightDecay?: number;
}

type Config = Required<AdamOptions>;

/** The effect of weight decay on a step: an L2 factor, or the factor of the parameter. */
type Decay = (weightDecay: number, learningRate: number) => { l2?: number; keep?: number };

/** With an ε of 0, a gradient of 0 would be divided by 0. */
const about = (description: string, paper: string, weightDecay = 0): DefineOptimizerOptions<Config> => ({
  description,
  paper,
  package: '@polytask/training',
  options: { beta1: belowOne, beta2: belowOne, epsilon: positive, weightDecay: notNegative },
  defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
});

/** m and v fade without a gradient, and m still moves the parameter. */
const adamIdle = ({ beta1, beta2 }: Pick<Config, 'beta1' | 'beta2'>): IdleMotion => ({
  decay: { m: beta1, v: beta2 },
  ratio: beta1 / Math.sqrt(beta2),
  stretch: 1 / Math.sqrt(beta2),
  step: ({ step, epsilon }) => ({ weight: step!, offset: epsilon! }),
  moverOf(parameters, { m, v }) {
    const [means, squares] = [m!, v!];
    return (from, to, weight, offset) => {
      for (let i = from; i < to; i++) parameters[i]! -= (weight * means[i]!) / (Math.sqrt(squares[i]!) + offset);
    };
  },
});

/** The arithmetic of Adam. lr m̂ / (√v̂ + ε) is written as step · m / (√v + ε′), with one division for each number. */
const adamRule = (decay: Decay): OptimizerRule<Config> => ({
  isExactByRows: ({ weightDecay }) => weightDecay === 0,
  idle: adamIdle,
  slots: () => ({ m: 0, v: 0 }),

  coefficients({ beta1, beta2, epsilon, weightDecay }, { step, learningRate }) {
    const root = Math.sqrt(1 - beta2 ** step);
    return {
      beta1,
      beta2,
      rest1: 1 - beta1,
      rest2: 1 - beta2,
      step: (learningRate * root) / (1 - beta1 ** step),
      epsilon: epsilon * root,
      ...(weightDecay > 0 ? decay(weightDecay, learningRate) : {}),
    };
  },

  update({ parameter, gradient, slots }, { beta1, beta2, rest1, rest2, step, epsilon, l2, keep }, math) {
    const { add, sub, mul, div, sqrt, square } = math;
    const g = withDecay(gradient, parameter, l2, math);
    const m = add(mul(slots['m']!, beta1!), mul(g, rest1!));
    const v = add(mul(slots['v']!, beta2!), mul(square(g), rest2!));
    const start = keep === undefined ? parameter : mul(parameter, keep);
    return { parameter: sub(start, div(mul(m, step!), add(sqrt(v), epsilon!))), slots: { m, v } };
  },
});

/**
 * Adam (Kingma & Ba 2015, algorithm 1), with PyTorch's defaults and arithmetic:
 *
 *     m = β₁ m + (1 − β₁) g      v = β₂ v + (1 − β₂) g²
 *     θ = θ − lr · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * The bias corrections have double precision. TF.js computes the corrections of its Adam in float32, with an error of
 * 4.7e-5. ε is 1e-8, as in the paper and in PyTorch (TF.js and Keras: 1e-7).
 *
 * A table with sparse updates makes up for the steps in which no batch reads a row, so that it equals dense training but for
 * rounding. {@link lazyAdam} doesn't.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @throws PolytaskError when an option is unknown or out of range
 * @example adam(cosine(1e-3, { epochs: 10 }), { weightDecay: 1e-6 })
 */
export const adam = defineOptimizer<Config>(
  'adam',
  adamRule((weightDecay) => ({ l2: weightDecay })),
  about('means of gradients and of their squares', 'Kingma & Ba, ICLR 2015'),
);

/**
 * Lazy Adam: {@link adam} that leaves a row of a table, and its moments, as they are in steps whose batch doesn't read the row. PyTorch
 * calls it `SparseAdam`. Only tables with sparse updates (`embed({ update: 'sparse' })`) differ from `adam`.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @throws PolytaskError when an option is unknown or out of range
 * @example fit(model, train, { optimizer: adam(1e-3), tableOptimizer: lazyAdam(1e-3) })
 */
export const lazyAdam = defineOptimizer<Config>(
  'lazy-adam',
  { ...adamRule((weightDecay) => ({ l2: weightDecay })), isExactByRows: () => false, idle: () => undefined },
  about('Adam that leaves the rows of a table as they are until a batch reads them', 'Kingma & Ba, ICLR 2015'),
);

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), with PyTorch's defaults and order: first
 * θ = θ − lr · weightDecay · θ, then the step of Adam. In a table with sparse updates, a step decays the rows of its batch
 * alone.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @throws PolytaskError when an option is unknown or out of range
 * @example adamW(1e-3, { weightDecay: 0.05 })
 */
export const adamW = defineOptimizer<Required<AdamWOptions>>(
  'adamw',
  adamRule((weightDecay, learningRate) => ({ keep: 1 - learningRate * weightDecay })),
  about('Adam with decoupled weight decay', 'Loshchilov & Hutter, ICLR 2019', 0.01),
);
