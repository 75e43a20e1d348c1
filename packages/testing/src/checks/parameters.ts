import { traitsOf } from '@polytask/components';
import * as tf from '@tensorflow/tfjs-core';
import { areSame, expectAgreement } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import {
  gradientsOf,
  outputsOf,
  parametersOf,
  passStateOf,
  restore,
  tinyBatch,
  withModels,
} from '../tiny/tiny-model.ts';
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
