import {
  checks,
  readOptions,
  type FromDescription,
  type InputSpec,
  type Option,
  type Schema,
  type Written,
} from '@polytask/core';
import { sgd } from '@polytask/training';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { checkCompiledLogits, checkLearning, eagerTrajectory } from '../checks/engines.ts';
import { checkBothEngines } from '../checks/fits.ts';
import { checkReach, checkSlopes } from '../checks/gradients.ts';
import { checkLeaks } from '../checks/leaks.ts';
import { checkSaving, checkSeeds, checkSpecJson, checkStreams } from '../checks/repeatable.ts';
import { inputProbe } from '../probes/input-probe.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks } from '../way/whole-way.ts';
import { checkColumns, checkInputShapes } from './input-checks.ts';

const { anything, flag, optional, wholeNumber } = checks;

const description = {
  ...caseOptions,
  ...deployment,
  /**
   * Without it, a feature of each form, with composed vectors, a sequence with attention, and side columns. With other features, the model
   * is saved and loaded, and goes no way from a CSV.
   */
  features: optional(anything as Option<Schema['features']>),
  /** The expected width of the output. */
  outputDim: optional(wholeNumber(1)),
  /** False for an input without parameters but for tables with sparse updates. */
  learned: optional(flag, true),
};

/** How an input differs from the defaults of the contract. */
export interface InputOptions extends Written<typeof description>, FromDescription {}

/** A feature of each form. */
const FEATURES: Schema['features'] = {
  x: { kind: 'vector', width: 3 },
  age: { kind: 'numeric', mean: 0, deviation: 1 },
  item: { kind: 'categorical', vocabulary: ['a', 'b', 'c'] },
  user: { kind: 'hashed', buckets: 9, quotients: 3, vectors: 2 },
  history: {
    kind: 'id-sequence',
    values: { kind: 'shared', with: 'item' },
    separator: '|',
    maxLength: 3,
    pooling: 'attention',
    target: 'item',
  },
  days: { kind: 'side-column', of: 'history', values: { kind: 'numeric', mean: 0, deviation: 1 }, separator: '|' },
  tags: { kind: 'multi-valued', values: { kind: 'hashed', buckets: 5 }, separator: '|', maxLength: 2, pooling: 'mean' },
};

/**
 * Registers the promises of an input as a group of tests, one for each.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testInput(embed({ dimension: 2 }), { runner });
 */
export function testInput(spec: InputSpec, options: InputOptions = {}): void {
  const read = readOptions(options, description, 'testInput');
  const { name = spec.name, features = FEATURES, learned, compiled, outputDim } = read;
  const probeOf = (seed = 7) => inputProbe(spec, features, { seed });
  const build = () => tinyModel(tinyNetwork(), { tasks: ['a', 'b'], features, input: spec });
  const probe = () => probeOf();
  const promises = {
    'outputs have the width that it says, for any batch': () => checkInputShapes(spec, features, outputDim),
    'the columns of features are where it says': () => checkColumns(spec, features),
    'its spec is plain JSON and says all': () => checkSpecJson(spec, (each) => inputProbe(each, features)),
    'one seed, one start': () => checkSeeds(probeOf, { random: learned, learned }),
    'all chance comes from the seed': () => checkStreams(probe),
    'gradients reach every weight': () => checkReach(probe, { inputs: true }),
    'gradients agree with finite differences': () => checkSlopes(probe, { tried: 4 }),
    'it learns in a model': () => checkLearning(() => eagerTrajectory(build())),
    'a fit is finite, and the same on both engines': () =>
      checkBothEngines(build, { optimizer: sgd(0.1) }, { compiled, fix: 'Use operations that docs/compile.md lists.' }),
    ...(read.features
      ? { 'saved and loaded the model gives the same numbers': () => checkSaving(build) }
      : wayChecks(() => ({ input: spec }), read)),
    ...(compiled && { 'as ONNX the model gives the same numbers': () => checkCompiledLogits(build) }),
    'it leaves no tensor behind': () => checkLeaks(probe),
  };
  registerChecks(`input ${name}`, promises, read);
}
