import { checks, readOptions, type ExpertSpec, type FromDescription, type Written } from '@polytask/core';
import { caseOptions, casesOf, registerCases, type Case } from '../cases/case.ts';
import { checkCompiledGradients, checkLearning, eagerTrajectory } from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkInModels, checkRows } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { expertProbe } from '../probes/expert-probe.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { checkBankAndLoop, checkBirth, checkExpertShapes } from './expert-checks.ts';

const { flag, listOf, optional, text, wholeNumber } = checks;

const description = {
  ...caseOptions,
  /** Names of contexts that the expert reads. They are categories of the models. Without it, none. */
  context: optional(listOf(text)),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
  /** False for an expert without parameters. */
  learned: optional(flag, true),
  /** False if the start doesn't depend on the seed. Without it, as `learned`. */
  random: optional(flag, ({ learned }) => learned as boolean),
  /** Whether the gradient is an estimate on purpose (straight-through, reversed). */
  estimated: optional(flag, false),
};

/** How an expert differs from the defaults of the contract. */
export interface ExpertOptions extends Written<typeof description>, FromDescription {}

/**
 * The promises of an expert as cases, one for each. {@link testExpert} registers them with a test runner.
 *
 * @example
 * for (const { name, run } of expertCases(glu({ units: 4 }))) console.log(name, await run().then(() => 'holds', String));
 */
export function expertCases(spec: ExpertSpec, options: ExpertOptions = {}): Case[] {
  const read = readOptions(options, description, 'testExpert');
  const { name = spec.name, learned, random, estimated, compiled, context, outputDim } = read;
  const schema = context && { features: tinySchema(context), context };
  const bank = () => expertProbe(spec, { context });
  const model = () => tinyModel(tinyNetwork({ experts: spec }), { tasks: ['a', 'b'], ...schema });
  return casesOf(`expert ${name}`, {
    'outputs have the width that it says, for any batch': () => checkExpertShapes(spec, outputDim, context),
    'a row has the same outputs alone and in a batch': () => checkRows(model),
    'its spec is plain JSON and says all': () => checkSpecJson(spec, (each) => expertProbe(each, { context })),
    'one seed, one start': () => checkSeeds((seed) => expertProbe(spec, { seed, context }), { random, learned }),
    'all chance comes from the seed': () => checkStreams(bank),
    ...(random && { 'equal experts are born unequal, each from its own place': () => checkBirth(spec, context) }),
    'a bank gives what its experts give one by one': () => checkBankAndLoop(spec, context),
    'gradients reach every weight and the input': () => {
      const rows = context && 16; // with every value of a context
      for (const same of [false, true]) checkReach(() => expertProbe(spec, { same, rows, context }), { inputs: true });
    },
    ...(!estimated && { 'gradients agree with finite differences': () => checkSlopes(bank, { tried: 6 }) }),
    'it works in models of one, two and three tasks': () =>
      checkInModels((tasks) => tinyModel(tinyNetwork({ experts: spec }), { tasks, ...schema })),
    'it works as a tower': () =>
      checkInModels((tasks) => tinyModel(tinyNetwork({ levels: 0 }), { tasks, tower: spec, ...schema })),
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
export const testExpert = (spec: ExpertSpec, options: ExpertOptions = {}): void =>
  registerCases(expertCases(spec, options), options);
