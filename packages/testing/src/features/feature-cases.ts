import { PolytaskError, declaringOf, type DeclaredFeature, type Row, type Schema } from '@polytask/core';
import { casesOf, registerCases, type Case, type RunnerOptions } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { checkSaving } from '../checks/repeatable.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import {
  NAME,
  checkDeclaration,
  checkFeatureJson,
  checkFinite,
  checkGraph,
  checkMissing,
  checkRowByRow,
  featuresOf,
  type FeatureExample,
} from './feature-checks.ts';

/** What a kind of feature is tested with. */
export interface FeatureCaseOptions {
  /** Values of the feature, some of which may be missing; for one that reads other features, their values by name. */
  values: readonly unknown[];
  /** Fitted features that it reads, by name. */
  others?: Schema['features'];
  /** The name of the group of tests. Default: the kind. */
  name?: string;
  /** False where no ONNX Runtime is installed. Default true. */
  compiled?: boolean;
}

/**
 * The promises of a kind of feature as cases, one for each. {@link testFeature} registers them with a test runner. The model has the
 * feature beside a vector `x`.
 *
 * @param declared a feature of a kind that `defineFeature` has defined
 * @throws PolytaskError for a feature of another kind
 * @example featureCases(date(), { values: ['2026-01-31', null] }).map(({ name }) => name).includes('it learns') // true
 */
export function featureCases(declared: DeclaredFeature, options: FeatureCaseOptions): Case[] {
  const { compiled = true, others = {}, values, name = declared.kind } = options;
  if (!declaringOf(declared.kind)) {
    throw new PolytaskError(
      `Expected a feature of a kind that was defined with defineFeature, received ${declared.kind}. Its tests are those of @polytask/data.`,
    );
  }
  const rows = values.map((value): Row => (options.others ? (value as Row) : { [NAME]: value }));
  const example: FeatureExample = { declared, others, rows };
  const build = () =>
    tinyModel(tinyNetwork(), {
      tasks: ['a', 'b'],
      features: { ...featuresOf(example), x: { kind: 'vector', width: 3 } },
    });
  return casesOf(`feature ${name}`, {
    'it is plain JSON, declared and fitted': () => checkFeatureJson(example),
    'a fitted feature says how it is declared': () => checkDeclaration(example),
    'a row alone has the numbers that it has among others': () => checkRowByRow(example),
    'missing values are finite numbers, however they are written': () => checkMissing(example),
    'values are finite numbers': () => checkFinite(example),
    'a graph of raw numbers has the numbers of rows': () => checkGraph(example),
    'saved and loaded the model gives the same numbers': () => checkSaving(build),
    ...learningChecks(build, compiled),
  });
}

/**
 * Registers {@link featureCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testFeature(date(), { values: ['2026-01-31', '2026-11-28', null], runner });
 */
export function testFeature(declared: DeclaredFeature, options: FeatureCaseOptions & RunnerOptions): void {
  registerCases(`feature ${options.name ?? declared.kind}`, featureCases(declared, options), options);
}
