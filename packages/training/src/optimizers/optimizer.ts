import {
  checkSpec,
  define,
  definedIn,
  defining,
  type Definition,
  type FromDescription,
  mapValues,
  number,
  optional,
  PolytaskError,
  type Read,
  resolve,
  type Spec,
  type Written,
  positive,
} from '@polytask/components';
import type { Arithmetic, NamedTensor } from '@polytask/core';
import { tensorFaults } from '@polytask/core/internal';
import { learningRate as anyRate, type LearningRate } from '../schedules/schedules.ts';
import * as tf from '@tensorflow/tfjs-core';

export const clipOptions = {
  /** Limits each number to ±value. This bound comes first. */
  value: optional(positive),
  /** Scales all gradients together down to this norm, when their norm is greater (Pascanu et al. 2013). */
  norm: optional(positive),
};

export interface ClipOptions extends Written<typeof clipOptions>, FromDescription {}

/** As `clip_grad_value_` and then `clip_grad_norm_` of PyTorch: the factor is min(1, norm / (‖g‖ + 1e-6)). Call it in a `tf.tidy`. */
export function clipped(gradients: readonly tf.Tensor[], { value, norm }: ClipOptions): readonly tf.Tensor[] {
  const bounded =
    value === undefined ? gradients : gradients.map((gradient) => tf.clipByValue(gradient, -value, value));
  if (norm === undefined) return bounded;
  const squares = bounded.map((gradient) => tf.sum(tf.square(gradient)));
  const length = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(norm, tf.add(length, 1e-6)), 1);
  return bounded.map((gradient) => tf.mul(gradient, factor));
}

/** Like {@link clipped}, for a flat array of all gradients in host memory. Changes the array in place. */
export function clipFlat(gradients: Float32Array, { value, norm }: ClipOptions): Float32Array {
  if (value !== undefined)
    for (let i = 0; i < gradients.length; i++) gradients[i] = Math.min(value, Math.max(-value, gradients[i]!));
  if (norm === undefined) return gradients;
  let squares = 0;
  for (const gradient of gradients) squares += gradient * gradient;
  const factor = Math.min(1, norm / (Math.sqrt(squares) + 1e-6));
  for (let i = 0; i < gradients.length; i++) gradients[i]! *= factor;
  return gradients;
}

/** An optimizer as plain JSON: its name, and its options beside its learning rate. Checkpoints contain it. */
export type OptimizerSpec<C extends object = object> = Spec<
  'optimizer',
  C &
    Read<typeof averageOptions> & {
      /** A number or a schedule. */
      readonly learningRate: LearningRate;
    }
>;

export const belowOne = number({ from: 0, below: 1 });

const averageOptions = {
  /**
   * Decay of an exponential moving average of the weights, in [0, 1), such as 0.99. Validation, early stopping and the trained model
   * have the average. Without it, there is none.
   */
  ema: optional(belowOne),
};

/** An option of every optimizer that isn't `perRow`. */
export interface AverageOptions extends Written<typeof averageOptions>, FromDescription {}

const AVERAGE = 'average';

/** The numbers that change from step to step, in double precision. */
export type Coefficients = Readonly<Record<string, number>>;

/** A parameter, its gradient and its slots, which all have the same shape. */
export interface OptimizerState<V> {
  readonly parameter: V;
  readonly gradient: V;
  readonly slots: Readonly<Record<string, V>>;
  /** The mean of the squared gradients of the row. Only for a rule with `perRow`. */
  readonly meanSquare?: V;
}

/** Moves the numbers from `from` to `to` − 1 by the sum of the steps' weights, each times its share, with the mean of their offsets. */
export type Mover = (from: number, to: number, weight: number, offset: number) => void;

/** How an optimizer moves a parameter in steps without a gradient. A table makes up for them when a batch reads the row again. */
export interface IdleMotion {
  /** The factor of each slot in one such step. */
  readonly decay: Readonly<Record<string, number>>;
  /** The move of such a step, as a share of the move of the step before, at equal coefficients and without the offset. */
  readonly ratio: number;
  /** The factor by which one such step raises the offset, in units of the row's last step. */
  readonly stretch: number;
  /** What a step adds: its weight, and its offset (ε of Adam). */
  step(coefficients: Coefficients): { readonly weight: number; readonly offset: number };
  /** Creates the function that moves numbers by all such steps at once. Its numbers are no object, because it is called for each row. */
  moverOf(parameters: Float32Array, slots: Readonly<Record<string, Float32Array>>): Mover;
}

/**
 * The three pure functions of an optimizer. They hold no state, and `update` works with any type of values. So the eager engine
 * can keep the state in TF.js variables, and the compiled engine can keep the state in flat buffers for WebAssembly.
 */
export interface OptimizerRule<C extends object> {
  readonly engine?: undefined;
  /**
   * Whether a slot has one number for each row of a table. Such an optimizer only trains tables. Its `update` gives all numbers
   * of a row the same slot.
   */
  readonly perRow?: true;
  /**
   * Whether sparse updates equal dense training but for rounding: rows without a gradient stay as they are, or `idle` makes
   * up for them. Default: no.
   */
  isExactByRows?(config: C): boolean;
  /** How rows move without a gradient. Undefined (default): sparse updates leave them as they are until a batch reads them. */
  idle?(config: C): IdleMotion | undefined;
  /** The slots of a parameter, with their initial values. */
  slots(config: C): Readonly<Record<string, number>>;
  /** The coefficients of a step. @param at the 1-based index of the step, and its learning rate */
  coefficients(config: C, at: { step: number; learningRate: number }): Coefficients;
  /**
   * The next parameter and all of its slots. The update must use the operations of `math` only, and it must not branch on
   * values, because it is traced once. The coefficients are values rounded to float32.
   */
  update<V>(
    now: OptimizerState<V>,
    coefficients: Readonly<Record<string, V>>,
    math: Arithmetic<V>,
    config: C,
  ): { readonly parameter: V; readonly slots: Readonly<Record<string, V>> };
}

/**
 * A rule that computes with whole tensors, such as norms and matrix products. It runs on the eager engine: the compiled one and balancers keep
 * all parameters in flat buffers, and tables with sparse updates a few rows.
 */
export interface EagerRule<C extends object> extends Pick<OptimizerRule<C>, 'slots' | 'coefficients'> {
  readonly engine: 'eager';
  /**
   * The next parameter and all of its slots, in the shape of the parameter: [(experts,) in, out] for weights. It may use TF.js, and branch on
   * shapes.
   */
  update(
    now: OptimizerState<tf.Tensor>,
    coefficients: Readonly<Record<string, tf.Tensor>>,
    math: Arithmetic<tf.Tensor>,
    config: C,
  ): { readonly parameter: tf.Tensor; readonly slots: Readonly<Record<string, tf.Tensor>> };
}

/** L2 regularization, as the `weight_decay` of PyTorch: adds the gradient of ½ · decay · ‖parameter‖². */
export const withDecay = <V>(gradient: V, parameter: V, decay: V | undefined, { add, mul }: Arithmetic<V>): V =>
  decay === undefined ? gradient : add(gradient, mul(parameter, decay));

export interface DefineOptimizerOptions<O extends object> extends Definition<O> {
  /** The default learning rate. Default 1e-3. */
  readonly learningRate?: number;
}

/** The factory of an optimizer with these options. @param learningRate a number or a schedule */
export type OptimizerFactory<W, C extends object = object> = (
  learningRate?: LearningRate,
  options?: W,
) => OptimizerSpec<C>;

/**
 * Defines an optimizer.
 *
 * @param name the name in checkpoints; it must be unique
 * @returns a factory of specs, which takes the learning rate and the options
 * @throws PolytaskError when the name is taken; the factory throws when an option doesn't fit `options`, or for a learning rate below 0
 * @example
 * const signDescent = defineOptimizer('sign', {
 *   slots: () => ({}),
 *   coefficients: (_, { learningRate }) => ({ learningRate }),
 *   update: ({ parameter, gradient }, { learningRate }, { sub, mul, sign }) => ({
 *     parameter: sub(parameter, mul(sign(gradient), learningRate!)),
 *     slots: {},
 *   }),
 * });
 * await fit(model, train, { optimizer: signDescent(1e-3) });
 */
export function defineOptimizer<O extends object = Record<never, never>>(
  name: string,
  rule: OptimizerRule<Read<O>> | EagerRule<Read<O>>,
  { learningRate: rate = 1e-3, options, ...about }: DefineOptimizerOptions<O> = {},
): OptimizerFactory<Written<O> & AverageOptions, Read<O>> {
  const all = {
    ...options,
    learningRate: optional(anyRate, rate),
    ...(!(rule.engine === undefined && rule.perRow) && averageOptions), // no model has one by rows as its only optimizer
  };
  const needed = ['slots', 'coefficients', 'update'];
  const make = define('optimizer', name, rule, { ...about, options: all as object }, needed);
  return defining(
    'optimizer',
    name,
    (learningRate, config) => make({ ...config, learningRate } as object) as OptimizerSpec<Read<O>>,
  );
}

export const defineOwn = definedIn('@polytask/training', defineOptimizer);

/** The functions of an optimizer, with its configuration; see {@link OptimizerRule}. */
export interface Optimizer {
  readonly name: string;
  /** Whether it runs on the eager engine only. */
  readonly isEager: boolean;
  readonly perRow: boolean;
  readonly isExactByRows: boolean;
  readonly idle: IdleMotion | undefined;
  readonly slots: Readonly<Record<string, number>>;
  coefficients(at: { step: number; learningRate: number }): Coefficients;
  update<V>(
    now: OptimizerState<V>,
    coefficients: Readonly<Record<string, V>>,
    math: Arithmetic<V>,
  ): { readonly parameter: V; readonly slots: Readonly<Record<string, V>> };
}

/**
 * Creates the functions of an optimizer.
 *
 * @throws PolytaskError when the optimizer is unknown, or its configuration doesn't fit
 * @example createOptimizer(sgd(0.1, { momentum: 0.9 })).slots; // { momentum: 0 }
 */
export function createOptimizer(spec: OptimizerSpec): Optimizer {
  // whoever asks an eager rule has tensors
  type Rule = Omit<OptimizerRule<object>, 'engine'> & { readonly engine?: 'eager' };
  const { builder: rule, config } = resolve<Rule>(checkSpec('optimizer', spec, 'training'));
  const { name } = spec;
  const { ema } = config as Read<typeof averageOptions>;
  const optimizer: Optimizer = {
    name,
    isEager: rule.engine === 'eager',
    perRow: rule.perRow ?? false,
    isExactByRows: rule.isExactByRows?.(config) ?? false,
    idle: rule.idle?.(config),
    slots: rule.slots(config),
    coefficients: (at) => rule.coefficients(config, at),
    update: (now, coefficients, math) => rule.update(now, coefficients, math, config),
  };
  return ema === undefined ? optimizer : averaging(optimizer, ema);
}

const averaging = (optimizer: Optimizer, ema: number): Optimizer => ({
  ...optimizer,
  slots: { ...optimizer.slots, [AVERAGE]: 0 },
  coefficients: (at) => ({ ...optimizer.coefficients(at), ema, emaRest: 1 - ema }),
  update(now, coefficients, math) {
    const { parameter, slots } = optimizer.update(now, coefficients, math);
    const { ema: kept, emaRest: rest } = coefficients;
    const average = math.add(math.mul(now.slots[AVERAGE]!, kept!), math.mul(parameter, rest!));
    return { parameter, slots: { ...slots, [AVERAGE]: average } };
  },
});

export function withoutAverage({ config: { ema: _, ...config }, ...spec }: OptimizerSpec): OptimizerSpec {
  return { ...spec, config };
}

/** The variables with the averages of those that are trained. Undefined when the optimizer has no average, or no step was done. */
export function averaged(
  spec: OptimizerSpec,
  variables: Readonly<Record<string, NamedTensor>>,
  slots: Readonly<Record<string, NamedTensor>>,
  step: number,
): Record<string, NamedTensor> | undefined {
  const { ema } = spec.config;
  if (ema === undefined || step === 0) return undefined;
  const whole = 1 - ema ** step;
  return mapValues(variables, (tensor, name) => {
    const sum = slots[slotName(spec, AVERAGE, name)];
    return sum ? { ...tensor, data: (sum.data as Float32Array).map((value) => value / whole) } : tensor;
  });
}

/** The name of a slot in checkpoints. @example slotName(adam(), 'm', 'towers.0.kernel') // 'adam.m.towers.0.kernel' */
export const slotName = (spec: OptimizerSpec, slot: string, parameter: string): string =>
  `${spec.name}.${slot}.${parameter}`;

export function checkSlots(
  own: Readonly<Record<string, readonly number[]>>,
  slots: Readonly<Record<string, NamedTensor>>,
): void {
  const faults = tensorFaults(own, slots);
  if (faults.length > 0)
    throw new PolytaskError(`The slots don't fit the optimizer: ${faults.join('; ')}. Resume with that of the run.`);
}
