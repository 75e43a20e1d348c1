import { schemaRowFormat } from '@polytask/data';
import {
  checks,
  declaringOf,
  PolytaskError,
  readOptions,
  type DeclaredFeature,
  type FromDescription,
  type Option,
  type Row,
  type Schema,
  type Written,
} from '@polytask/core';
import { caseOptions, registerChecks } from '../cases/case.ts';
import { learningChecks } from '../checks/engines.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import { deployment, wayChecks, type WayParts } from '../way/whole-way.ts';
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

const { anything, optional } = checks;

const description = {
  ...caseOptions,
  ...deployment,
  /** Values of the feature, some of which may be missing; for one that reads other features, their values by name. */
  values: anything as Option<readonly unknown[]>,
  /** Fitted features that it reads, by name. */
  others: optional(anything as Option<Schema['features']>, {}),
};

/** What a kind of feature is tested with. */
export interface FeatureCaseOptions extends Written<typeof description>, FromDescription {}

/**
 * Registers the promises of a kind of feature as a group of tests, one for each. The model has the feature beside a vector `x`.
 *
 * @param declared a feature of a kind that `defineFeature` has defined
 * @throws PolytaskError for a feature of another kind, and when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testFeature(date(), { values: ['2026-01-31', '2026-11-28', null], runner });
 */
export function testFeature(declared: DeclaredFeature, options: FeatureCaseOptions): void {
  const read = readOptions(options, description, 'testFeature');
  const { compiled, others, values, name = declared.kind } = read;
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
  const promises = {
    'it is plain JSON, declared and fitted': () => checkFeatureJson(example),
    'a fitted feature says how it is declared': () => checkDeclaration(example),
    'a row alone has the numbers that it has among others': () => checkRowByRow(example),
    'missing values are finite numbers, however they are written': () => checkMissing(example),
    'values are finite numbers': () => checkFinite(example),
    'a graph of raw numbers has the numbers of rows': () => checkGraph(example),
    ...learningChecks(build, compiled),
    ...wayChecks(() => partsOf(example), read),
  };
  registerChecks(`feature ${name}`, promises, read);
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
