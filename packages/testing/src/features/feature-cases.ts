import { PolytaskError, declaringOf, type DeclaredFeature, type Row, type Schema } from '@polytask/core';
import { schemaRowFormat } from '@polytask/data';
import {
  checkCaseOptions,
  casesOf,
  registerCases,
  type Case,
  type CaseOptions,
  type RunnerOptions,
} from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { wayChecks, type Deployment, type WayParts } from '../way/whole-way.ts';
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
export interface FeatureCaseOptions extends CaseOptions, Deployment {
  /** Values of the feature, some of which may be missing; for one that reads other features, their values by name. */
  values: readonly unknown[];
  /** Fitted features that it reads, by name. */
  others?: Schema['features'];
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
  checkCaseOptions(options, ['values', 'others', 'serving', 'server'], 'testFeature');
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
    ...learningChecks(build, compiled),
    ...wayChecks(() => partsOf(example), options),
  });
}

/** The feature and those that it reads, with their cells. */
function partsOf({ declared, others, rows }: FeatureExample): WayParts {
  const read = schemaRowFormat({ features: others, tasks: {} }).features;
  const columns = Object.keys(others).length > 0 ? Object.keys(others) : [NAME];
  return {
    features: { ...read, [NAME]: declared },
    columns: Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name])])),
  };
}

/**
 * Registers {@link featureCases} as a group of tests.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testFeature(date(), { values: ['2026-01-31', '2026-11-28', null], runner });
 */
export const testFeature = (declared: DeclaredFeature, options: FeatureCaseOptions & RunnerOptions): void =>
  registerCases(featureCases(declared, options), options);
