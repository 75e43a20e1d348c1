import { sum, traitsOf } from '@polytask/components';
import { randomStream } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectFinite, areSame, expectAgreement } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import {
  forward,
  gradientNumbers,
  outputsOf,
  passStateOf,
  restore,
  tinyBatch,
  withModels,
  gradientsOf,
  parametersOf,
} from '../tiny/tiny-model.ts';
import { needing, type Having } from '../subject.ts';

const expectTensors = (what: string, expected: number, fix?: string): void => {
  const more = tf.memory().numTensors - expected;
  expectThat(more === 0, `${what} to leave no tensor behind`, `${more} more than before`, fix);
};

const SEEDED =
  'Make parameters with the builder (weight, bias, buffer), whose starts come from the seed. ' +
  'Let `traits: { fixedStart: true }` say whether every seed has the same start.';
const STATE =
  'Draw with randomTensor(builder.random(name), …), and not with Math.random or the random operations of TF.js. ' +
  'Keep what changes in buffers of the builder, and nothing in variables of the function or the module.';

/** How often a component runs before it is compared with its first pass. */
const PASSES = 400;

export const PARAMETER_PROPERTIES = needing(['model', 'parameters', 'batch'], {
  'one seed, one start': check(async (subject) => {
    const start = (seed: number) =>
      withModels([subject.model({ seed })], (model) =>
        Object.fromEntries(Object.entries(parametersOf(model)).filter(([name]) => subject.parameters.test(name))),
      );
    const first = await start(7);
    expectAgreement(await start(7), first, 0, 'the same start from the same seed');
    if (Object.keys(first).length === 0) return;
    const [isFixed, isSame] = [traitsOf(subject.spec).fixedStart === true, areSame(await start(8), first)];
    const said = isFixed ? 'the same start from every seed, as `traits` says' : 'another start from another seed';
    expectThat(isSame === isFixed, said, isSame ? 'the same' : 'another');
  }, SEEDED),
  'all chance comes from the seed, however often it ran before': check(
    ({ model }) =>
      withModels([model()], (own) => {
        const row = tinyBatch(own, 1);
        outputsOf(own, row, true); // some streams are made when they are first used
        const state = passStateOf(own);
        for (const training of [true, false]) {
          const first = outputsOf(own, row, training);
          for (const passes of [0, PASSES]) {
            for (let pass = 0; pass < passes; pass++) outputsOf(own, row, training);
            restore(own, state);
            const what = `the same outputs after ${passes} passes, when the random streams are set back`;
            expectAgreement(outputsOf(own, row, training), first, 0, what);
            restore(own, state);
          }
        }
      }),
    STATE,
  ),
  'it leaves no tensor behind': check(async ({ model, batch }) => {
    const empty = tf.memory().numTensors;
    await withModels([model()], (own) => {
      const built = tf.memory().numTensors;
      outputsOf(own, batch);
      expectTensors('a pass', built);
      outputsOf(own, batch, true);
      expectTensors('a pass in training', built);
      gradientsOf(own, batch);
      expectTensors('a gradient', built);
    });
    const fix = 'Make tensors that last with builder.constant or buffer: they are freed with the model.';
    expectTensors('building and disposing', empty, fix);
  }, "Don't keep tensors, and let tf.tidy free what a pass makes."),
});

type Subject = Having<'model' | 'parameters' | 'batch'>;

/** Steps from large to small. A smaller step may avoid a kink, but has a larger rounding error. */
const STEPS = [2 ** -6, 2 ** -8, 2 ** -10];

/** The allowed error of a slope, and the rounding error of the function. */
type Errors = Readonly<Record<'tolerance' | 'noise', number>>;

/** Whether rounding errors are too large for the slope over a step. */
const isDrowned = (h: number, { tolerance, noise }: Errors): boolean => 8 * noise > h * tolerance;

/**
 * The slope f′(0) in float32 arithmetic, by Richardson's extrapolation of two central differences: (4 D(h/2) − D(h)) / 3.
 *
 * The function alone shows whether there is a kink within the step. At a kink the two differences, or the one-sided slopes,
 * disagree more than curvature explains. A smaller step is then tried. The gradient is never used, so a wrong gradient
 * can't hide behind a kink.
 *
 * @returns undefined when every step has a kink or too much rounding
 */
export function slopeOf(at: (x: number) => number, { tolerance, noise }: Errors): number | undefined {
  const center = at(0);
  for (const h of STEPS) {
    const [right, left, near, below] = [at(h), at(-h), at(h / 2), at(-h / 2)];
    const [wide, narrow] = [(right - left) / (2 * h), (near - below) / h];
    const bend = (right - 2 * center + left) / h; // the one-sided slopes' difference: h f″ where f is smooth
    const nearBend = (2 * (near - 2 * center + below)) / h;
    const allowed = 0.15 * tolerance + (4 * noise) / h;
    if (isDrowned(h, { tolerance, noise })) return undefined;
    if (Math.abs(wide - narrow) <= allowed && Math.abs(nearBend - bend / 2) <= 2 * allowed)
      return (4 * narrow - wide) / 3;
  }
  return undefined;
}

/** The allowed error of a gradient, relative to the parameter's largest slope. */
const TOLERANCE = 0.01;
/** The float32 rounding error of a sum, relative to the sum of the magnitudes. */
const ROUNDING = 2 ** -25;

interface Target {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly gradient: readonly number[];
}

const INPUTS = 'the numbers of the features';

/**
 * Uses Σ factor × output of passes in training of a new model. The factors are random, so every output counts and outputs don't cancel.
 *
 * @param use gets the parameters of the component and the numbers of the features with their gradients, and the terms of the sum in doubles
 */
const withSum = (
  { model: build, batch: size, parameters }: Subject,
  use: (targets: readonly Target[], terms: () => number[]) => void,
) =>
  withModels([build()], (model) => {
    const tensors = model.toTensors(tinyBatch(model, size));
    const numeric = tf.variable(tensors.numeric);
    const run = () => {
      const { logits, auxiliary } = forward(model, { ...tensors, numeric }, true);
      return Object.entries({ ...logits, ...auxiliary }).map(([name, output]) => {
        const factors: Float32Array = randomStream(2, name).normal(output.size);
        return { output, factors };
      });
    };
    const sumOf = () =>
      tf.addN(run().map(({ output, factors }) => tf.dot(tf.reshape(output, [-1]), factors))) as tf.Scalar;
    try {
      outputsOf(model, size, true); // some streams are made when they are first used
      const state = passStateOf(model);
      const own = model.store.trainable().filter(({ name }) => parameters.test(name));
      const variables = [...own, ...(numeric.size > 0 ? [{ name: INPUTS, variable: numeric }] : [])];
      const gradients = gradientNumbers(sumOf, variables);
      const targets = variables.map(({ name, variable }) => ({ name, variable, gradient: gradients[name]! }));
      use(targets, () => {
        restore(model, state);
        return tf.tidy(() =>
          run().flatMap(({ output, factors }) => [...output.dataSync()].map((value, i) => factors[i]! * value)),
        );
      });
    } finally {
      tf.dispose([numeric, tensors as unknown as tf.TensorContainer]);
    }
  });

/**
 * Compares the gradient of number `i` with the slope of a loss.
 *
 * @returns whether the slope could be measured; undefined if rounding hides all that the number does
 */
function compareAt(i: number, { name, variable, gradient }: Target, noise: number, loss: () => number) {
  const start = variable.dataSync<'float32'>().slice();
  const assign = (values: Float32Array) => tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  const at = (by: number) => {
    assign(start.with(i, start[i]! + by));
    return loss();
  };
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rough = Math.abs(at(2 ** -6) - at(-(2 ** -6))) * 2 ** 5;
  const tolerance = TOLERANCE * Math.max(largest, rough, 1e-3);
  const isHidden = isDrowned(STEPS[0]!, { tolerance, noise });
  const slope = slopeOf(at, { tolerance, noise });
  assign(start);
  if (isHidden) return undefined;
  if (slope === undefined) return false;
  const slopes = `the slope of the outputs, ${slope.toPrecision(5)} by finite differences`;
  const isSlope = Math.abs(gradient[i]! - slope) <= tolerance;
  expectThat(isSlope, `the gradient of ${name}[${i}] to be ${slopes}`, gradient[i]!.toPrecision(5));
  return true;
}

export const GRADIENT_PROPERTIES = needing(['model', 'parameters', 'batch'], {
  'gradients reach every weight': check(
    (subject) =>
      withSum(subject, (targets) => {
        const unread = targets.filter(({ name, variable, gradient }) => {
          expectFinite({ [`the gradient of ${name}`]: gradient });
          // each column of the numbers of features, and any number of a parameter
          const width = name === INPUTS ? variable.shape[1]! : 1;
          const reached = new Set(gradient.flatMap((value, i) => (value === 0 ? [] : [i % width])));
          return reached.size < width;
        });
        const names = unread.map(({ name }) => name).join(', ');
        expectThat(names === '', 'a gradient for every parameter and input', `none for ${names}`);
      }),
    'Use it in the outputs, by operations that have a gradient: no rounding, comparing, argMax or dataSync on its way.',
  ),
  'gradients agree with finite differences': check(
    (subject) =>
      withSum(subject, (targets, terms) => {
        const noise = ROUNDING * sum(terms(), Math.abs);
        const compared = targets.flatMap((target) => {
          const { length } = target.gradient;
          const count = Math.min(4, length); // as many numbers of each parameter are compared
          const places = Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * length) / count));
          return places.map((i) => compareAt(i, target, noise, () => sum(terms())));
        });
        const [smooth, jumps] = [true, false].map((is) => compared.filter((each) => each === is).length);
        const seen = `jumps or kinks at ${jumps} of ${compared.length} numbers`;
        expectThat(2 * smooth! >= jumps!, 'outputs whose slopes can be measured', seen);
      }),
    'Fix the gradient, or say `traits: { estimated: true }` in the definition if the gradient is an estimate on purpose ' +
      '(straight-through, reversed) or the outputs jump.',
    ({ estimated = false }) => !estimated,
  ),
});
