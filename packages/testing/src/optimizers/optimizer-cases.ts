import { embed, readOptions, type FromDescription, type TableUpdate, type Written } from '@polytask/core';
import { createOptimizer, sgd, type FitOptions, type OptimizerSpec } from '@polytask/training';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { checkBothEngines, checkFitLearns, checkResumed } from '../checks/fits.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks } from '../way/whole-way.ts';
import { checkByRows, checkFlat, checkOptimizerJson } from './optimizer-checks.ts';

const description = { ...caseOptions, ...deployment };

/** How an optimizer differs from the defaults of the contract. */
export interface OptimizerOptions extends Written<typeof description>, FromDescription {}

const FEATURES = { id: { kind: 'hashed', buckets: 40 }, x: { kind: 'vector', width: 3 } } as const;

/** The largest allowed share of the first loss after training; of a table alone, with all else as it was. */
const [LOSS_SHARE, TABLE_SHARE] = [0.8, 0.9];

/**
 * Registers the promises of an optimizer as a group of tests, one for each. Pass a learning rate with which 90 steps learn something. An
 * optimizer with `perRow` is tested as the optimizer of a table.
 *
 * @throws PolytaskError when the optimizer is unknown, its configuration doesn't fit, or there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testOptimizer(adam(0.03), { runner });
 */
export function testOptimizer(spec: OptimizerSpec, options: OptimizerOptions = {}): void {
  const read = readOptions(options, description, 'testOptimizer');
  const { name = spec.name, compiled } = read;
  const { perRow } = createOptimizer(spec);
  const buildOf = (update: TableUpdate) => () =>
    tinyModel(tinyNetwork(), {
      tasks: ['a', 'b'],
      features: FEATURES,
      input: embed({ dimension: 4, start: 'pytorch', update }),
    });
  const byRows = buildOf('sparse');
  const build = perRow ? byRows : buildOf('dense');
  const recipe: FitOptions = perRow ? { optimizer: sgd(0), tableOptimizer: spec } : { optimizer: spec };
  const promises = {
    'its spec is plain JSON and says all': () => checkOptimizerJson(spec),
    'tensors, WebAssembly and blocks of numbers give the same, bit for bit': () => checkFlat(spec),
    'it learns': () => checkFitLearns(build, recipe, perRow ? TABLE_SHARE : LOSS_SHARE),
    ...(!perRow && {
      'a fit is finite, and the same on both engines': () =>
        checkBothEngines(build, recipe, { compiled, fix: 'Use the functions of `math` alone.' }),
    }),
    'a table with sparse updates trains as it says': () =>
      checkByRows(spec, buildOf('dense'), byRows, { recipe, compiled }),
    'a killed fit goes on bit for bit': () =>
      checkResumed(build, recipe, 'Keep all that the rule remembers in its slots.'),
    ...wayChecks(() => ({ input: embed({ dimension: 4, update: 'sparse' }), fit: recipe }), read),
  };
  registerChecks(`optimizer ${name}`, promises, read);
}
