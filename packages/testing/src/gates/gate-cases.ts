import type { GateSpec } from '@polytask/core';
import {
  checkCaseOptions,
  casesOf,
  registerCases,
  type Case,
  type CaseOptions,
  type RunnerOptions,
} from '../cases/case.ts';
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

/** How a gate differs from the defaults of the contract. */
export interface GateCaseOptions extends CaseOptions {
  /**
   * The names of the features that the gate reads. Default: none. In a level they are columns of its input, in models categories, or the
   * vector `x`.
   */
  features?: readonly string[];
  /** Whether the weights are 0 or more and sum to 1 over the experts that a unit sees. Default false. */
  normalized?: boolean;
  /** False for a gate without parameters. Default true. */
  learned?: boolean;
  /** False if the start doesn't depend on the seed. Default: as `learned`. */
  random?: boolean;
  /** Whether the gradient is an estimate on purpose (straight-through). Default false. */
  estimated?: boolean;
}

/**
 * The promises of a gate as cases, one for each. {@link testGate} registers them with a test runner.
 *
 * @example
 * const cases = gateCases(softmaxGate(), { normalized: true });
 * for (const { run } of cases) await run(); // throws a ConformanceError when one doesn't hold
 */
export function gateCases(spec: GateSpec, options: GateCaseOptions = {}): Case[] {
  checkCaseOptions(options, ['features', 'normalized', 'learned', 'random', 'estimated'], 'testGate');
  const {
    features,
    normalized = false,
    learned = true,
    random = learned,
    estimated = false,
    compiled = true,
  } = options;
  const probeOf: ProbeOf = (gate, rest) => gateProbe(gate, { ...rest, features });
  const level = () => probeOf(spec);
  const inModel = features && tinySchema(features);
  const model = (tasks: readonly string[] = ['a', 'b']) =>
    tinyModel(tinyNetwork({ gate: spec, levels: 2 }), { tasks, features: inModel });
  return casesOf(`gate ${options.name ?? spec.name}`, {
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
export const testGate = (spec: GateSpec, options: GateCaseOptions & RunnerOptions = {}): void =>
  registerCases(gateCases(spec, options), options);
