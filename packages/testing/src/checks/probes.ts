import { traitsOf } from '@polytask/components';
import '@polytask/training/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { areSame, expectAgreement, expectFinite } from '../cases/agreement.ts';
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

/** How often a component runs before it is compared with its first pass. */
const PASSES = 400;

/** What a component promises by itself, in a store of parameters. */
export const PROBE_PROPERTIES = needing(['probe'], {
  'outputs are finite and have the width that it says, for any batch': check(({ spec, probe, outputDim }) => {
    for (const options of [{ rows: 1 }, { rows: 5 }, { rows: 1, same: true }, { rows: 5, same: true }])
      withProbe(probe(spec, options), (own) => {
        const { outputDim: width, perRow = 1 } = own;
        expectThat(outputDim === undefined || width === outputDim, `an outputDim of ${outputDim}`, width);
        for (const training of [false, true]) {
          const outputs = outputsOf(own, training); // a bank throws if the shape isn't what outputDim says
          const { length } = outputs['outputs'] ?? [];
          const fits = width === undefined || length === perRow * options.rows * width;
          expectThat(fits, `outputs [${options.rows}, ${width}]`, `${length} numbers`);
          expectFinite(outputs);
        }
      });
  }, 'Return { outputDim, apply }, with the width of the outputs as outputDim, and keep the batch axis.'),
  'one seed, one start': check(({ spec, probe }) => {
    const start = (seed: number) =>
      withProbe(probe(spec, { seed }), ({ store, prefix }) => parametersOf(store, prefix));
    const first = start(7);
    expectAgreement(start(7), first, 0, 'the same start from the same seed');
    if (Object.keys(first).length === 0) return;
    const [isFixed, isSame] = [traitsOf(spec).fixedStart === true, areSame(start(8), first)];
    const said = isFixed ? 'the same start from every seed, as `traits` says' : 'another start from another seed';
    expectThat(isSame === isFixed, said, isSame ? 'the same' : 'another');
  }, SEEDED),
  'all chance comes from the seed': check(({ spec, probe }) => {
    withProbe(probe(spec), (own) => {
      outputsOf(own, true); // some streams are made when they are first used
      const state = passStateOf(own.store);
      const first = outputsOf(own, true);
      restore(own.store, state);
      expectAgreement(outputsOf(own, true), first, 0, 'the same outputs when the random streams are set back');
    });
  }, 'Draw with randomTensor(builder.random(name), …), and not with Math.random or the random operations of TF.js.'),
  'it computes the same, however often it ran before': check(({ spec, probe }) => {
    withProbe(probe(spec, { rows: 1 }), (own) => {
      outputsOf(own, true);
      const state = passStateOf(own.store);
      for (const training of [false, true]) {
        const first = outputsOf(own, training);
        for (let pass = 0; pass < PASSES; pass++) outputsOf(own, training);
        restore(own.store, state);
        expectAgreement(outputsOf(own, training), first, 0, `the same outputs after ${PASSES} passes`);
        restore(own.store, state);
      }
    });
  }, 'Keep what changes in buffers of the builder, and nothing in variables of the function or the module.'),
  'it leaves no tensor behind': check((subject) => {
    const empty = tf.memory().numTensors;
    withProbe(subject.probe(subject.spec), (own) => {
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
