import { checks, readOptions, type FromDescription, type GateSpec, type Written } from '@polytask/core';
import { caseOptions, casesOf, registerCases, type Case } from '../cases/case.ts';
import { checkCompiledGradients, checkLearning, eagerTrajectory } from '../checks/engines.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkFusionWeights, checkInModels, checkRows } from '../checks/in-models.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { gateProbe, type ProbeOf } from '../probes/gate-probe.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinySchema } from '../tiny/tiny-features.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { checkGateShapes, checkNormalized, checkUnitOrder, checkVisible } from './gate-checks.ts';

const { flag, listOf, optional, text } = checks;

const description = {
  ...caseOptions,
  /**
   * The names of the features that the gate reads. Without it, none. In a level they are columns of its input, in models categories, or the
   * vector `x`.
   */
  features: optional(listOf(text)),
  /** Whether the weights are 0 or more and sum to 1 over the experts that a unit sees. */
  normalized: optional(flag, false),
  /** False for a gate without parameters. */
  learned: optional(flag, true),
  /** False if the start doesn't depend on the seed. Without it, as `learned`. */
  random: optional(flag, ({ learned }) => learned as boolean),
  /** Whether the gradient is an estimate on purpose (straight-through). */
  estimated: optional(flag, false),
};

/** How a gate differs from the defaults of the contract. */
export interface GateCaseOptions extends Written<typeof description>, FromDescription {}

/**
 * The promises of a gate as cases, one for each. {@link testGate} registers them with a test runner.
 *
 * @example
 * const cases = gateCases(softmaxGate(), { normalized: true });
 * for (const { run } of cases) await run(); // throws a ConformanceError when one doesn't hold
 */
export function gateCases(spec: GateSpec, options: GateCaseOptions = {}): Case[] {
  const read = readOptions(options, description, 'testGate');
  const { name = spec.name, features, normalized, learned, random, estimated, compiled } = read;
  const probeOf: ProbeOf = (gate, rest) => gateProbe(gate, { ...rest, features });
  const level = () => probeOf(spec);
  const inModel = features && tinySchema(features);
  const model = (tasks: readonly string[] = ['a', 'b']) =>
    tinyModel(tinyNetwork({ gate: spec, levels: 2 }), { tasks, features: inModel });
  return casesOf(`gate ${name}`, {
    'weights are finite, a row for each of the batch or one for all': () => checkGateShapes(spec, probeOf),
    'what a unit does not see has weight 0 and no gradient': () => checkVisible(spec, probeOf),
    ...(normalized && { 'weights are 0 or more and sum to 1': () => checkNormalized(spec, probeOf) }),
    'a row has the same outputs alone and in a batch': () => checkRows(() => model()),
    'its spec is plain JSON and says all': () => checkSpecJson(spec, (each) => probeOf(each)),
    'one seed, one start': () => checkSeeds((seed) => probeOf(spec, { seed }), { random, learned }),
    'all chance comes from the seed': () => checkStreams(level),
    'units are treated by name, whatever their order': () => checkUnitOrder(spec, probeOf),
    'gradients reach every weight': () => checkReach(level, { inputs: false }),
    ...(!estimated && { 'gradients agree with finite differences': () => checkSlopes(level, { tried: 4 }) }),
    'it works in models of one, two and three tasks': () => checkInModels(model),
    'fusionWeights reads it': () => checkFusionWeights(model, { normalized }),
    'it learns in a model': () => checkLearning(() => eagerTrajectory(model())),
    'saved and loaded it gives the same numbers': () => checkSaving(model),
    ...(compiled && { 'compiled it has the gradients that it has eagerly': () => checkCompiledGradients(model) }),
    'it leaves no tensor behind': () => checkLeaks(level),
  });
}

/**
 * Registers {@link gateCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testGate(softmaxGate({ temperature: 2 }), { normalized: true, runner });
 */
export const testGate = (spec: GateSpec, options: GateCaseOptions = {}): void =>
  registerCases(gateCases(spec, options), options);
