import { randomStream } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { broken } from '../cases/case.ts';
import { momentOf, outputsOf, restore, withProbe, type Probe } from '../probes/probe.ts';
import { expectFinite, type Numbers } from './agreement.ts';

/** A slope by central differences, or undefined where the function has a kink nearby. */
export interface SlopeOptions {
  /** What the slope may be wrong by. */
  readonly tolerance: number;
  /** What `at` may be wrong by through rounding. */
  readonly noise: number;
}

/** Steps from large to small: a kink that is near the larger may be outside of the smaller; rounding grows. */
const STEPS = [2 ** -6, 2 ** -8, 2 ** -10];

/**
 * f′(0) of float32 arithmetic: Richardson's extrapolation of two central differences, (4 D(h/2) − D(h)) / 3.
 *
 * A kink within the step is seen in the function alone: the two differences disagree, or the one-sided slopes do, more than
 * curvature explains. Then a smaller step is tried; a gradient that is wrong never makes a slope unreliable.
 */
export function slopeOf(at: (x: number) => number, { tolerance, noise }: SlopeOptions): number | undefined {
  const center = at(0);
  for (const h of STEPS) {
    const [right, left, near, below] = [at(h), at(-h), at(h / 2), at(-h / 2)];
    const [wide, narrow] = [(right - left) / (2 * h), (near - below) / h];
    const bend = (right - 2 * center + left) / h; // the one-sided slopes' difference: h f″ where f is smooth
    const nearBend = (2 * (near - 2 * center + below)) / h;
    const allowed = 0.15 * tolerance + (4 * noise) / h;
    if (8 * noise > h * tolerance) return undefined;
    if (Math.abs(wide - narrow) <= allowed && Math.abs(nearBend - bend / 2) <= 2 * allowed)
      return (4 * narrow - wide) / 3;
  }
  return undefined;
}

/** Part of a parameter's largest slope that a gradient may differ by, and how many numbers of each parameter are tried. */
const TOLERANCE = 0.01;
/** float32 rounding of a sum, as a part of the sum of the magnitudes. */
const ROUNDING = 2 ** -25;

export interface GradientOptions {
  /** Whether gradients must reach the inputs, too. */
  readonly inputs: boolean;
  /** How many numbers of each parameter are compared with finite differences. */
  readonly tried: number;
}

interface Target {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly gradient: ArrayLike<number>;
}

/** Random factors: the loss is Σ factor × output, so that no output is left out and none cancels another. */
const factorsOf = (name: string, size: number): Float32Array => randomStream(2, name).normal(size);

/** The gradients of that loss in training; zeros where TF.js finds no way. */
function targetsOf(probe: Probe): Target[] {
  const own = probe.store
    .trainable()
    .flatMap(({ name, variable }) => (name.startsWith(probe.prefix) ? [[name, variable] as const] : []));
  const all = [...own, ...Object.entries(probe.inputs)];
  return tf.tidy(() => {
    const loss = () => {
      const parts = Object.entries(probe.run(true)).map(([name, output]) =>
        tf.sum(tf.mul(output, tf.tensor(factorsOf(name, output.size), output.shape))),
      );
      return parts.reduce((sum, part) => tf.add(sum, part)) as tf.Scalar;
    };
    const { grads } = tf.variableGrads(
      loss,
      all.map(([, variable]) => variable),
    );
    return all.map(([name, variable]) => ({
      name,
      variable,
      gradient: (grads[variable.name]?.dataSync() ?? new Float32Array(variable.size)).slice(),
    }));
  });
}

/** Every parameter has a gradient that is finite and not zero everywhere; so have the inputs where they are read. */
export function checkReach(build: () => Probe, { inputs }: Pick<GradientOptions, 'inputs'>): void {
  withProbe(build(), (probe) => {
    const unread = targetsOf(probe).filter(({ name, gradient }) => {
      expectFinite({ [`the gradient of ${name}`]: gradient }, 'Guard logarithms, divisions and roots at 0.');
      return (inputs || !(name in probe.inputs)) && Array.from(gradient).every((value) => value === 0);
    });
    if (unread.length === 0) return;
    broken({
      expected: 'a gradient for every parameter and input',
      seen: `none for ${unread.map(({ name }) => name).join(', ')}`,
      mend: 'Use it in the outputs, by operations that have a gradient: no rounding, comparing, argMax or dataSync on its way.',
    });
  });
}

/** The gradients in training are the slopes of the outputs. */
export function checkSlopes(build: () => Probe, { tried }: Pick<GradientOptions, 'tried'>): void {
  withProbe(build(), (probe) => {
    outputsOf(probe, true); // some streams are made when they are first used
    const moment = momentOf(probe);
    const targets = targetsOf(probe);
    const loss = (): { sum: number; magnitude: number } => {
      restore(probe, moment);
      return project(outputsOf(probe, true));
    };
    const noise = ROUNDING * loss().magnitude;
    const measured = targets.map((target) => compare(target, tried, noise, () => loss().sum));
    const [known, all] = [0, 1].map((k) => measured.reduce((sum, counts) => sum + counts[k]!, 0)) as [number, number];
    if (3 * known < all) {
      broken({
        expected: 'outputs whose slopes can be measured',
        seen: `jumps, kinks or rounding at ${all - known} of ${all} numbers`,
        mend: 'Pass { estimated: true } to the conformance test if the outputs jump on purpose.',
      });
    }
  });
}

function project(outputs: Numbers): { sum: number; magnitude: number } {
  let [sum, magnitude] = [0, 0];
  for (const [name, values] of Object.entries(outputs)) {
    const factors = factorsOf(name, values.length);
    for (let i = 0; i < values.length; i++) {
      sum += factors[i]! * values[i]!;
      magnitude += Math.abs(factors[i]! * values[i]!);
    }
  }
  return { sum, magnitude };
}

/** Compares some numbers of a parameter. How many slopes could be measured, and how many were tried. */
function compare(
  { name, variable, gradient }: Target,
  tried: number,
  noise: number,
  loss: () => number,
): [number, number] {
  const start = variable.dataSync<'float32'>().slice();
  const assign = (values: Float32Array) => tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  const largest = Array.from(gradient).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const count = Math.min(tried, start.length);
  let measured = 0;
  for (let k = 0; k < count; k++) {
    const i = Math.floor(((k + 0.5) * start.length) / count);
    const at = (by: number) => {
      assign(start.map((value, j) => (j === i ? value + by : value)));
      return loss();
    };
    const rough = Math.abs(at(2 ** -6) - at(-(2 ** -6))) * 2 ** 5;
    const tolerance = TOLERANCE * Math.max(largest, rough, 1e-3);
    const slope = slopeOf(at, { tolerance, noise });
    assign(start);
    if (slope === undefined) continue;
    measured++;
    if (Math.abs(gradient[i]! - slope) > tolerance) {
      broken({
        expected: `the gradient of ${name}[${i}] to be the slope of the outputs, ${slope.toPrecision(5)} by finite differences`,
        seen: gradient[i]!.toPrecision(5),
        mend: 'Mend the gradient; pass { estimated: true } to the conformance test if it is an estimate on purpose (straight-through, reversed).',
      });
    }
  }
  return [measured, count];
}
