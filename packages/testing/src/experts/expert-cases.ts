import { type ExpertSpec, withRandomTensors, type Draw } from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { casesOf, registerCases, type Case, type RunnerOptions, broken } from '../cases/case.ts';
import { checkCompiledGradients, checkLearning, eagerTrajectory } from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkInModels } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { expertProbe, loneExpertProbe, MEMBERS } from '../probes/expert-probe.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { outputsOf, parametersOf, withProbe } from '../probes/probe.ts';
import { writeParameter } from '../tiny/numbers.ts';

/** How an expert differs from the defaults of the contract. */
export interface ExpertOptions {
  /** The name of the group of tests. Default: the expert's name. */
  name?: string;
  /** The expected width of the output. */
  outputDim?: number;
  /** False for an expert without parameters. Default true. */
  learned?: boolean;
  /** False if the start doesn't depend on the seed. Default: as `learned`. */
  random?: boolean;
  /** Whether the gradient is an estimate on purpose (straight-through, reversed). Default false. */
  estimated?: boolean;
  /** False where no ONNX Runtime is installed, or the expert can't be compiled. Default true. */
  compiled?: boolean;
}

/**
 * The promises of an expert as cases, one for each. {@link testExpert} registers them with a test runner.
 *
 * @example
 * for (const { name, run } of expertCases(glu({ units: 4 }))) console.log(name, await run().then(() => 'holds', String));
 */
export function expertCases(spec: ExpertSpec, options: ExpertOptions = {}): Case[] {
  const { learned = true, random = learned, estimated = false, compiled = true } = options;
  const bank = () => expertProbe(spec);
  const model = () => tinyModel(tinyNetwork({ experts: spec }), { tasks: ['a', 'b'] });
  return casesOf(`expert ${options.name ?? spec.name}`, {
    'outputs have the width that it says, for any batch': () => checkExpertShapes(spec, options.outputDim),
    'its spec is plain JSON and says all': () => checkSpecJson(spec, (each) => expertProbe(each)),
    'one seed, one start': () => checkSeeds((seed) => expertProbe(spec, { seed }), { random, learned }),
    'all chance comes from the seed': () => checkStreams(bank),
    ...(random && { 'equal experts are born unequal, each from its own place': () => checkBirth(spec) }),
    'a bank gives what its experts give one by one': () => checkBankAndLoop(spec),
    'gradients reach every weight and the input': () => {
      checkReach(bank, { inputs: true });
      checkReach(() => expertProbe(spec, { same: true }), { inputs: true });
    },
    ...(!estimated && { 'gradients agree with finite differences': () => checkSlopes(bank, { tried: 6 }) }),
    'it works in models of one, two and three tasks': () =>
      checkInModels((tasks) => tinyModel(tinyNetwork({ experts: spec }), { tasks })),
    'it works as a tower': () =>
      checkInModels((tasks) => tinyModel(tinyNetwork({ levels: 0 }), { tasks, tower: spec })),
    ...(learned && { 'it learns in a model': () => checkLearning(() => eagerTrajectory(model())) }),
    'saved and loaded it gives the same numbers': () => checkSaving(model),
    ...(compiled && { 'compiled it has the gradients that it has eagerly': () => checkCompiledGradients(model) }),
    'it leaves no tensor behind': () => checkLeaks(bank),
  });
}

/**
 * Registers {@link expertCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testExpert(glu({ units: 4 }), { outputDim: 4, runner });
 */
export function testExpert(spec: ExpertSpec, options: ExpertOptions & RunnerOptions = {}): void {
  registerCases(`expert ${options.name ?? spec.name}`, expertCases(spec, options), options);
}

/** Outputs are finite and [bank, batch, outputDim]: with one input or one for each member, for any batch, in training and not. */
function checkExpertShapes(spec: ExpertSpec, outputDim: number | undefined): void {
  for (const same of [false, true]) {
    for (const rows of [1, 5]) {
      withProbe(expertProbe(spec, { rows, same }), (probe) => {
        const width = probe.bank.outputDim;
        if (outputDim !== undefined && width !== outputDim) {
          broken({
            expected: `an outputDim of ${outputDim}`,
            seen: String(width),
            mend: 'Return the width of the outputs as outputDim.',
          });
        }
        for (const training of [false, true]) {
          const outputs = outputsOf(probe, training); // the bank throws if the shape isn't what outputDim says
          const count = MEMBERS.length * rows * width;
          if (outputs['outputs']!.length !== count) {
            broken({
              expected: `${count} numbers`,
              seen: String(outputs['outputs']!.length),
              mend: 'Return { outputDim, apply }.',
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
function checkBirth(spec: ExpertSpec): void {
  const bank = withProbe(expertProbe(spec), ({ store }) => parametersOf(store));
  const starts = MEMBERS.map((member, m) => partOf(bank, member, m));
  const mend =
    'Start parameters with initializers (fanInUniform, uniform, …) that draw from the stream they are given.';
  const texts = starts.map((start) => JSON.stringify(Object.values(start).map((values) => Array.from(values))));
  const duplicate = texts.findIndex((text, m) => texts.indexOf(text) !== m);
  if (duplicate >= 0) {
    const first = MEMBERS[texts.indexOf(texts[duplicate]!)]!;
    broken({ expected: `experts ${first} and ${MEMBERS[duplicate]} to start unequal`, seen: 'equal parameters', mend });
  }
  MEMBERS.forEach((member, m) => {
    const alone = withProbe(loneExpertProbe(spec, member), ({ store }) => parametersOf(store));
    expectAgreement(starts[m]!, alone, 0, { what: `the start of ${member} alone`, mend });
  });
}

/** With the same weights and random numbers, a bank has the outputs of its members run one by one. */
function checkBankAndLoop(spec: ExpertSpec): void {
  for (const training of [false, true]) {
    const draws: Float32Array[] = [];
    const { parameters, outputs } = withProbe(expertProbe(spec), (probe) => ({
      parameters: parametersOf(probe.store),
      outputs: Array.from(withRandomTensors(recording(draws), () => outputsOf(probe, training))['outputs']!),
    }));
    const size = outputs.length / MEMBERS.length;
    MEMBERS.forEach((member, m) => {
      const name = `the output of ${member}`;
      const alone = withProbe(loneExpertProbe(spec, member), (probe) => {
        for (const [name, values] of Object.entries(partOf(parameters, member, m)))
          writeParameter(probe.store, name, Float32Array.from(values));
        return { [name]: withRandomTensors(replaying(draws, m), () => outputsOf(probe, training))['outputs']! };
      });
      expectAgreement(alone, { [name]: outputs.slice(m * size, (m + 1) * size) }, 1e-5, {
        what: 'the same one by one as in a bank',
        mend: 'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.',
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
