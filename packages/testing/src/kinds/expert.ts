import { listOf, optional, text, traitsOf, wholeNumber } from '@polytask/components';
import { withRandomTensors, type Draw, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement } from '../cases/agreement.ts';
import { check, expectThat } from '../cases/case.ts';
import { tester, type Variant } from '../tester.ts';
import type { ModelOf } from '../subject.ts';
import { tinyExpert, tinyGate, tinyNetwork } from '../tiny/parts.ts';
import { tinySchema, WIDTH, parametersOf, passOf, tinyModel, withModels } from '../tiny/tiny-model.ts';

/** Numbers from 0 to 1 that each member of a bank, and an expert alone, draws alike. */
const alike = ({ shape }: Draw) => {
  const own = shape.slice(-2).reduce((product, side) => product * side, 1);
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.abs(Math.sin(1 + (i % own)))),
    [...shape],
  );
};

const options = {
  /** Names of contexts that the expert reads. They are categories of the models. Default: none. */
  context: optional(listOf(text)),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
};

const BANK =
  'Write it with operations on the last two axes (linear does), or define it with { bankable: false }. ' +
  'Start parameters with initializers (fanInUniform, uniform, …) that draw from the stream they are given.';
const UNITS = 4;
const TASKS = ['a', 'b', 'c'];
const variant = ({ layer }: Variant) => ({ config: layer(UNITS), outputDim: UNITS });

/** A level without shared knowledge: what a task has there depends on that task alone. */
const APART = tinyNetwork({ experts: tinyExpert({ units: WIDTH }), gate: tinyGate({ sees: 'own' }) });

/**
 * Tests an expert, in the level of a model, and as a tower.
 *
 * @example testExpert(glu({ units: 4 }), { outputDim: 4, runner });
 */
export const testExpert = tester({ kind: 'expert', options, variant }, (spec: ExpertSpec, { context, outputDim }) => {
  const schema = context && { features: tinySchema(context), context };
  const towers = (tasks: readonly string[]) => tinyModel(APART, { tasks, tower: spec, ...schema });
  return {
    spec,
    parameters: /experts/,
    batch: context && 16, // with every value of a context
    model: ({ spec: experts = spec, ...of }: ModelOf<ExpertSpec> = {}) =>
      tinyModel(tinyNetwork({ experts }), { ...of, ...schema }),
    ...(!context && { way: () => ({ network: tinyNetwork({ experts: spec, inputDim: WIDTH }) }) }),
    own: {
      // from the same start, which the member's own random stream gives
      'a bank gives what its experts give one by one': check(async () => {
        await withModels([towers(TASKS)], (own) => {
          const starts = Object.entries(parametersOf(own)).filter(([name]) => name.startsWith('tower'));
          const members = TASKS.map((_, t) =>
            starts.flatMap(([, values]) =>
              Array.from(values).slice((t * values.length) / TASKS.length, ((t + 1) * values.length) / TASKS.length),
            ),
          );
          const differ = starts.length === 0 || new Set(members.map(String)).size === TASKS.length;
          const isSaid = traitsOf(spec).fixedStart === true;
          expectThat(differ || isSaid, 'equal experts of a bank to start unequal', 'equal parameters');
        });
        const outputs = (tasks: readonly string[], training: boolean) =>
          withModels([towers(tasks)], (own) => withRandomTensors(alike, () => passOf(own, 5, training).logits));
        for (const training of [false, true]) {
          const bank = await outputs(TASKS, training);
          for (const task of TASKS) {
            const seen = await outputs([task], training);
            expectAgreement(seen, { [task]: bank[task]! }, 1e-5, 'the same outputs of a tower alone as in a bank');
          }
        }
      }, BANK),
      ...(outputDim && {
        'its outputs have the width that was said': check(async () => {
          await withModels([towers(['a'])], ({ store }) => {
            const [width] = store.get('heads.kernel').variable.shape.slice(-2);
            expectThat(width === outputDim, `an outputDim of ${outputDim}`, width);
          });
        }, 'Return { outputDim, apply }, with the width of the outputs as outputDim.'),
      }),
    },
  };
});
