import { traitsOf } from '@polytask/components';
import '@polytask/training/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { areSame, expectAgreement } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { outputsOf, parametersOf, passStateOf, restore, withProbe } from '../tiny/probe.ts';
import { needing } from '../subject.ts';

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

/** What a component with parameters promises. */
export const PARAMETER_PROPERTIES = needing(['model', 'parameters', 'batch'], {
  'one seed, one start': check((subject) => {
    const start = (seed: number) =>
      withProbe(subject.model({ seed }), 1, ({ store }) =>
        Object.fromEntries(Object.entries(parametersOf(store)).filter(([name]) => subject.parameters.test(name))),
      );
    const first = start(7);
    expectAgreement(start(7), first, 0, 'the same start from the same seed');
    if (Object.keys(first).length === 0) return;
    const [isFixed, isSame] = [traitsOf(subject.spec).fixedStart === true, areSame(start(8), first)];
    const said = isFixed ? 'the same start from every seed, as `traits` says' : 'another start from another seed';
    expectThat(isSame === isFixed, said, isSame ? 'the same' : 'another');
  }, SEEDED),
  'all chance comes from the seed, however often it ran before': check((subject) => {
    withProbe(subject.model(), 1, (own) => {
      outputsOf(own, true); // some streams are made when they are first used
      const state = passStateOf(own.store);
      for (const training of [true, false]) {
        const first = outputsOf(own, training);
        for (const passes of [0, PASSES]) {
          for (let pass = 0; pass < passes; pass++) outputsOf(own, training);
          restore(own.store, state);
          const what = `the same outputs after ${passes} passes, when the random streams are set back`;
          expectAgreement(outputsOf(own, training), first, 0, what);
          restore(own.store, state);
        }
      }
    });
  }, STATE),
  'it leaves no tensor behind': check(({ model, batch }) => {
    const empty = tf.memory().numTensors;
    withProbe(model(), batch, (own) => {
      const built = tf.memory().numTensors;
      const parameters = [...own.store.trainable().map(({ variable }) => variable), ...Object.values(own.inputs)];
      const loss = () => tf.addN(Object.values(own.run(true)).map((output) => tf.sum(output))) as tf.Scalar;
      outputsOf(own);
      expectTensors('a pass', built);
      outputsOf(own, true);
      expectTensors('a pass in training', built);
      tf.tidy(() => void tf.variableGrads(loss, parameters));
      expectTensors('a gradient', built);
    });
    const fix = 'Make tensors that last with builder.constant or buffer: they are freed with the model.';
    expectTensors('building and disposing', empty, fix);
  }, "Don't keep tensors, and let tf.tidy free what a pass makes."),
});
