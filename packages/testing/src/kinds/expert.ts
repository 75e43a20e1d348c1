import { listOf, optional, text, traitsOf, wholeNumber } from '@polytask/components';
import { withRandomTensors, type Draw, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { expectThat } from '../cases/case.ts';
import { checkReach, REACHED } from '../checks/gradients.ts';
import { checkInModels } from '../checks/models.ts';
import { expertProbe, INPUT_DIM, MEMBERS } from '../probes/expert-probe.ts';
import { outputsOf, parametersOf, withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { writeParameter } from '../tiny/numbers.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

type Contexts = readonly string[] | undefined;

/** Member m's part of values that all members of a bank have. */
const partOf = (values: ArrayLike<number>, m: number): Float32Array =>
  Float32Array.from(values).subarray((m * values.length) / MEMBERS.length, ((m + 1) * values.length) / MEMBERS.length);

/** Member m's part of the parameters of a bank. An expert that isn't bankable has parameters of its own already. */
const parametersIn = (bank: Numbers, member: string, m: number): Numbers =>
  Object.fromEntries(
    Object.entries(bank).flatMap(([name, values]): [string, ArrayLike<number>][] => {
      const own = MEMBERS.some((each) => name.startsWith(`e.${each}.`));
      if (own) return name.startsWith(`e.${member}.`) ? [[name, values]] : [];
      return [[name.replace(/^e\./, `e.${member}.`), partOf(values, m)]];
    }),
  );

/** The experts of a bank start unequal, and each starts as it does outside of the bank. */
function checkBirth(spec: ExpertSpec, context: Contexts): void {
  if (traitsOf(spec).fixedStart) return;
  const bank = withProbe(expertProbe(spec, { context }), ({ store }) => parametersOf(store));
  if (Object.keys(bank).length === 0) return;
  const starts = MEMBERS.map((member, m) => parametersIn(bank, member, m));
  const texts = starts.map((start) => JSON.stringify(Object.values(start).map((values) => Array.from(values))));
  MEMBERS.forEach((member, m) => {
    const first = texts.indexOf(texts[m]!);
    expectThat(first === m, `experts ${MEMBERS[first]} and ${member} to start unequal`, 'equal parameters');
  });
  MEMBERS.forEach((member, m) => {
    const alone = withProbe(expertProbe(spec, { alone: member, context }), ({ store }) => parametersOf(store));
    expectAgreement(starts[m]!, alone, 0, `the start of ${member} alone`);
  });
}

/** With the same weights and random numbers, a bank has the outputs of its members run one by one. */
function checkBankAndLoop(spec: ExpertSpec, context: Contexts): void {
  for (const training of [false, true]) {
    const draws: Float32Array[] = [];
    const { parameters, outputs } = withProbe(expertProbe(spec, { context }), (probe) => ({
      parameters: parametersOf(probe.store),
      outputs: withRandomTensors(recording(draws), () => outputsOf(probe, training))['outputs']!,
    }));
    MEMBERS.forEach((member, m) => {
      const alone = withProbe(expertProbe(spec, { alone: member, context }), (probe) => {
        for (const [name, values] of Object.entries(parametersIn(parameters, member, m)))
          writeParameter(probe.store, name, Float32Array.from(values));
        return withRandomTensors(replaying(draws, m), () => outputsOf(probe, training))['outputs']!;
      });
      const name = `the output of ${member}`;
      expectAgreement({ [name]: alone }, { [name]: partOf(outputs, m) }, 1e-5, 'the same one by one as in a bank');
    });
  }
}

const tensorOf = ({ shape }: Draw, data: Float32Array) => tf.tensor(data, [...shape]);

/** Draws random numbers, and records them. */
const recording = (draws: Float32Array[]) => (draw: Draw) => {
  const data = draw.sample();
  draws.push(data);
  return tensorOf(draw, data);
};

/** Replays member m's part of the bank's draws. An expert that isn't bankable draws from its own stream in a bank too. */
function replaying(draws: readonly Float32Array[], m: number): (draw: Draw) => tf.Tensor {
  let next = 0;
  return (draw) => {
    const own = draw.sample();
    const bank = draws[next++];
    return tensorOf(draw, bank?.length === MEMBERS.length * own.length ? partOf(bank, m) : own);
  };
}

const options = {
  /** Names of contexts that the expert reads. They are categories of the models. Default: none. */
  context: optional(listOf(text)),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
};

/**
 * Tests an expert, in a bank, alone, and in models.
 *
 * @example testExpert(glu({ units: 4 }), { outputDim: 4, runner });
 */
export const testExpert = tester('expert', options, (spec: ExpertSpec, { context, outputDim }) => {
  const schema = context && { features: tinySchema(context), context };
  const rows = context && 16; // with every value of a context
  return {
    spec,
    outputDim,
    numbers: (each) => withProbe(expertProbe(each as ExpertSpec, { context }), (probe) => outputsOf(probe)),
    probe: (options) => expertProbe(spec, { context, rows, ...options }),
    tried: 6,
    reachesInputs: true,
    model: (tasks = ['a', 'b']) => tinyModel(tinyNetwork({ experts: spec }), { tasks, ...schema }),
    ...(!context && { way: () => ({ network: tinyNetwork({ experts: spec, inputDim: INPUT_DIM }) }) }),
    own: {
      'equal experts are born unequal, each from its own place': [
        'Start parameters with initializers (fanInUniform, uniform, …) that draw from the stream they are given.',
        () => checkBirth(spec, context),
      ],
      'a bank gives what its experts give one by one': [
        'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.',
        () => checkBankAndLoop(spec, context),
      ],
      'gradients reach the input that all share': [
        REACHED,
        () => checkReach(expertProbe(spec, { same: true, rows, context }), true),
      ],
      'it works as a tower': [
        'Keep the batch axis, also with one task.',
        () => checkInModels((tasks) => tinyModel(tinyNetwork({ levels: 0 }), { tasks, tower: spec, ...schema })),
      ],
    },
  };
});
