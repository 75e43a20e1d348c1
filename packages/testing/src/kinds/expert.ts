import { listOf, optional, text, traitsOf, wholeNumber } from '@polytask/components';
import { withRandomTensors, type Draw, type ExpertSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { checkReach } from '../checks/gradients.ts';
import { checkInModels } from '../checks/in-models.ts';
import { expertProbe, INPUT_DIM, loneExpertProbe, MEMBERS } from '../probes/expert-probe.ts';
import { outputsOf, parametersOf, withProbe } from '../probes/probe.ts';
import { tester } from '../tester.ts';
import { writeParameter } from '../tiny/numbers.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

/** Outputs are finite and [bank, batch, outputDim]: with one input or one for each member, for any batch, in training and not. */
function checkShapes(spec: ExpertSpec, outputDim: number | undefined, context?: readonly string[]): void {
  for (const same of [false, true]) {
    for (const rows of [1, 5]) {
      withProbe(expertProbe(spec, { rows, same, context }), (probe) => {
        const width = probe.bank.outputDim;
        if (outputDim !== undefined && width !== outputDim) {
          broken({
            expected: `an outputDim of ${outputDim}`,
            seen: String(width),
            fix: 'Return the width of the outputs as outputDim.',
          });
        }
        for (const training of [false, true]) {
          const outputs = outputsOf(probe, training); // the bank throws if the shape isn't what outputDim says
          const count = MEMBERS.length * rows * width;
          if (outputs['outputs']!.length !== count) {
            broken({
              expected: `${count} numbers`,
              seen: String(outputs['outputs']!.length),
              fix: 'Return { outputDim, apply }.',
            });
          }
          expectFinite(outputs, 'Guard logarithms, divisions and roots at 0, and the statistics of a single row.');
        }
      });
    }
  }
}

/** Member m's part of the numbers of a bank. An expert that isn't bankable has parameters of its own already. */
function partOf(bank: Numbers, member: string, m: number): Numbers {
  const parts = Object.entries(bank).flatMap(([name, values]): [string, ArrayLike<number>][] => {
    const own = MEMBERS.some((each) => name.startsWith(`e.${each}.`));
    if (own) return name.startsWith(`e.${member}.`) ? [[name, values]] : [];
    const size = values.length / MEMBERS.length;
    return [[name.replace(/^e\./, `e.${member}.`), Array.from(values).slice(m * size, (m + 1) * size)]];
  });
  return Object.fromEntries(parts);
}

/** The experts of a bank start unequal, and each starts as it does outside of the bank. */
function checkBirth(spec: ExpertSpec, context?: readonly string[]): void {
  if (traitsOf(spec).fixedStart) return;
  const bank = withProbe(expertProbe(spec, { context }), ({ store }) => parametersOf(store));
  const starts = MEMBERS.map((member, m) => partOf(bank, member, m));
  const fix = 'Start parameters with initializers (fanInUniform, uniform, …) that draw from the stream they are given.';
  if (Object.keys(bank).length === 0) return;
  const texts = starts.map((start) => JSON.stringify(Object.values(start).map((values) => Array.from(values))));
  const duplicate = texts.findIndex((text, m) => texts.indexOf(text) !== m);
  if (duplicate >= 0) {
    const first = MEMBERS[texts.indexOf(texts[duplicate]!)]!;
    broken({ expected: `experts ${first} and ${MEMBERS[duplicate]} to start unequal`, seen: 'equal parameters', fix });
  }
  MEMBERS.forEach((member, m) => {
    const alone = withProbe(loneExpertProbe(spec, member, context), ({ store }) => parametersOf(store));
    expectAgreement(starts[m]!, alone, 0, { what: `the start of ${member} alone`, fix });
  });
}

/** With the same weights and random numbers, a bank has the outputs of its members run one by one. */
function checkBankAndLoop(spec: ExpertSpec, context?: readonly string[]): void {
  for (const training of [false, true]) {
    const draws: Float32Array[] = [];
    const { parameters, outputs } = withProbe(expertProbe(spec, { context }), (probe) => ({
      parameters: parametersOf(probe.store),
      outputs: Array.from(withRandomTensors(recording(draws), () => outputsOf(probe, training))['outputs']!),
    }));
    const size = outputs.length / MEMBERS.length;
    MEMBERS.forEach((member, m) => {
      const name = `the output of ${member}`;
      const alone = withProbe(loneExpertProbe(spec, member, context), (probe) => {
        for (const [name, values] of Object.entries(partOf(parameters, member, m)))
          writeParameter(probe.store, name, Float32Array.from(values));
        return { [name]: withRandomTensors(replaying(draws, m), () => outputsOf(probe, training))['outputs']! };
      });
      expectAgreement(alone, { [name]: outputs.slice(m * size, (m + 1) * size) }, 1e-5, {
        what: 'the same one by one as in a bank',
        fix: 'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.',
      });
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
    return tensorOf(
      draw,
      bank?.length === MEMBERS.length * own.length ? bank.slice(m * own.length, (m + 1) * own.length) : own,
    );
  };
}

const options = {
  /** Names of contexts that the expert reads. They are categories of the models. Default: none. */
  context: optional(listOf(text)),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
};

/**
 * Tests an expert: the promises of its kind, in a bank and alone, and those of every component.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testExpert(glu({ units: 4 }), { outputDim: 4, runner });
 */
export const testExpert = tester('expert', options, (spec: ExpertSpec, { context, outputDim }) => {
  const schema = context && { features: tinySchema(context), context };
  const rows = context && 16; // with every value of a context
  const modelOf = (tasks: readonly string[] = ['a', 'b']) =>
    tinyModel(tinyNetwork({ experts: spec }), { tasks, ...schema });
  return {
    spec,
    numbers: (each) => withProbe(expertProbe(each as ExpertSpec, { context }), (probe) => outputsOf(probe)),
    probe: (seed = 7) => expertProbe(spec, { seed, context, rows }),
    tried: 6,
    reachesInputs: true,
    model: modelOf,
    ...(!context && { way: () => ({ network: tinyNetwork({ experts: spec, inputDim: INPUT_DIM }) }) }),
    own: {
      'outputs have the width that it says, for any batch': () => checkShapes(spec, outputDim, context),
      'equal experts are born unequal, each from its own place': () => checkBirth(spec, context),
      'a bank gives what its experts give one by one': () => checkBankAndLoop(spec, context),
      'gradients reach the input that all share': () =>
        checkReach(() => expertProbe(spec, { same: true, rows, context }), { inputs: true }),
      'it works as a tower': () =>
        checkInModels((tasks) => tinyModel(tinyNetwork({ levels: 0 }), { tasks, tower: spec, ...schema })),
    },
  };
});
