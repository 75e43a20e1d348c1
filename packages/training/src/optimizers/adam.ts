import { notNegative, optional, positive, type Read, type Written } from '@polytask/components';
import {
  belowOne,
  defineOwn,
  type AverageOptions,
  type IdleMotion,
  type OptimizerFactory,
  type OptimizerRule,
  withDecay,
} from './optimizer.ts';

const options = {
  /** Decay of the mean of gradients, in [0, 1). */
  beta1: optional(belowOne, 0.9),
  /** Decay of the mean of squared gradients, in [0, 1). */
  beta2: optional(belowOne, 0.999),
  /** Added to the root of the second moment, as in PyTorch. With 0, a gradient of 0 would be divided by 0. */
  epsilon: optional(positive, 1e-8),
  /** L2 regularization: this factor times the parameter is added to the gradient. `adamW` decouples the decay. */
  weightDecay: optional(notNegative, 0),
};

const decoupled = {
  ...options,
  /** Each step subtracts this share of lr · parameter. */
  weightDecay: optional(notNegative, 0.01),
};

export interface AdamOptions extends Written<typeof options>, AverageOptions {}
export interface AdamWOptions extends Written<typeof decoupled>, AverageOptions {}

type Config = Read<typeof options>;

/** The effect of weight decay on a step: an L2 factor, or the factor of the parameter. */
type Decay = (weightDecay: number, learningRate: number) => { l2?: number; keep?: number };

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
 * @throws PolytaskError when an option is unknown, or an option or the learning rate doesn't fit
 * @example adam(cosine(1e-3, { epochs: 10 }), { weightDecay: 1e-6 })
 */
export const adam: OptimizerFactory<AdamOptions> = defineOwn(
  'adam',
  adamRule((weightDecay) => ({ l2: weightDecay })),
  {
    description: 'means of gradients and of their squares',
    paper: 'Kingma & Ba, ICLR 2015',
    options,
  },
);

/**
 * Lazy Adam: {@link adam} that leaves a row of a table, and its moments, as they are in steps whose batch doesn't read the row. PyTorch
 * calls it `SparseAdam`. Only tables with sparse updates (`embed({ update: 'sparse' })`) differ from `adam`.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @throws PolytaskError when an option is unknown, or an option or the learning rate doesn't fit
 * @example fit(model, train, { optimizer: adam(1e-3), tableOptimizer: lazyAdam(1e-3) })
 */
export const lazyAdam: OptimizerFactory<AdamOptions> = defineOwn(
  'lazy-adam',
  { ...adamRule((weightDecay) => ({ l2: weightDecay })), isExactByRows: () => false, idle: () => undefined },
  {
    description: 'Adam of the table rows that a batch reads',
    paper: 'Kingma & Ba, ICLR 2015',
    options,
  },
);

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), with PyTorch's defaults and order: first
 * θ = θ − lr · weightDecay · θ, then the step of Adam. In a table with sparse updates, a step decays the rows of its batch
 * alone.
 *
 * @param learningRate a number or a schedule; default 1e-3
 * @throws PolytaskError when an option is unknown, or an option or the learning rate doesn't fit
 * @example adamW(1e-3, { weightDecay: 0.05 })
 */
export const adamW: OptimizerFactory<AdamWOptions> = defineOwn(
  'adamw',
  adamRule((weightDecay, learningRate) => ({ keep: 1 - learningRate * weightDecay })),
  {
    description: 'Adam with decoupled weight decay',
    paper: 'Loshchilov & Hutter, ICLR 2019',
    options: decoupled,
  },
);
