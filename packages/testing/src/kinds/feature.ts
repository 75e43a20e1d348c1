import { schemaRowFormat } from '@polytask/data';
import { anything, fail, listOf, optional, recordOf, type Option } from '@polytask/components';
import {
  rowEncoder,
  type Batch,
  type DeclaredFeature,
  type Feature,
  type Row,
  type Schema,
  arraysOf,
  checkFeatures,
  declareFeature,
  declaringOf,
  featureKind,
  formOf,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';
import type { WayParts } from '../way/whole-way.ts';

/** A feature of the kind, the features that it reads, and rows with its values. */
interface FeatureExample {
  /** The name of the feature is `feature`. */
  readonly declared: DeclaredFeature;
  /** The fitted features whose values it reads, by name. */
  readonly others: Schema['features'];
  readonly rows: readonly Row[];
}

const NAME = 'feature';

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || Number.isNaN(value);

/** The feature as a fit to the rows leaves it. @param count how often each row counts */
function fittedFeature({ declared, rows }: FeatureExample, count = 1): Feature {
  const fit = declaringOf(declared.kind)!.fit(declared);
  const isNumber = featureKind(declared.kind).cell === 'number';
  for (const { [NAME]: value } of rows) {
    if (!isMissing(value)) fit.add?.(isNumber ? Number(value) : String(value), count);
  }
  return fit.finish();
}

/** All features, the fitted one among them. */
const featuresOf = (example: FeatureExample): Schema['features'] => ({
  ...example.others,
  [NAME]: fittedFeature(example),
});

const numbersOf = (batch: Batch): Numbers =>
  Object.fromEntries(arraysOf(batch).map(({ name, of }) => [name, Array.from(of(batch)!)]));

const encoded = (features: Schema['features'], rows: readonly Row[]): Numbers =>
  numbersOf(rowEncoder({ features })(rows));

/** The fitted feature is plain JSON, and passes the checks of a saved model. */
function checkFeatureJson(example: FeatureExample): void {
  const features = JSON.parse(JSON.stringify(featuresOf(example))) as Schema['features'];
  checkFeatures(features, 'features');
  expectAgreement(encoded(features, example.rows), encoded(featuresOf(example), example.rows), 0, {
    what: 'the same numbers from the JSON of the fitted feature',
    fix: 'Let `fitted` check every key that `form` reads.',
  });
}

/** The options that read a fitted feature again are options of its kind. */
function checkDeclaration(example: FeatureExample): void {
  const feature = fittedFeature(example);
  const again = declareFeature(feature.kind, { ...declaringOf(feature.kind)!.declare?.(feature) });
  expectAgreement(
    encoded({ ...featuresOf(example), [NAME]: feature }, example.rows),
    encoded(
      { ...featuresOf(example), [NAME]: { ...fittedFeature({ ...example, declared: again }), ...feature } },
      example.rows,
    ),
    0,
    { what: 'a declaration that reads the fitted feature', fix: 'Look at `declare`.' },
  );
}

/** The same rows give the same values one by one, in another order, and after others. */
function checkRowByRow(example: FeatureExample): void {
  const { rows } = example;
  const encode = rowEncoder({ features: featuresOf(example) });
  const all = [...rows].reverse().map((row) => numbersOf(encode([row]))).reverse(); // prettier-ignore
  const joined = recordOf(Object.keys(all[0]!), (part) => all.flatMap((each) => Array.from(each[part]!)));
  expectAgreement(joined, numbersOf(encode(rows)), 0, {
    what: 'the same numbers of a row alone and among others',
    fix: 'Let `write`, `textOf` and `entries` keep nothing between two values.',
  });
}

/** Rows in another order, and each twice, are fitted alike; a value that counts twice is one that two rows have. */
function checkFit(example: FeatureExample): void {
  const { declared, others, rows } = example;
  const twice = { ...example, rows: [...rows, ...rows] };
  const numbersWith = (feature: Feature) => encoded({ ...others, [NAME]: feature }, rows);
  const expected = numbersWith(fittedFeature(twice));
  const fix = `Let the fit of ${declared.kind} count each value as often as \`count\` says, and depend on no order.`;
  const what = 'the same numbers after a fit to';
  expectAgreement(numbersWith(fittedFeature({ ...twice, rows: [...twice.rows].reverse() })), expected, 1e-6, {
    what: `${what} rows in another order`,
    fix,
  });
  expectAgreement(numbersWith(fittedFeature(example, 2)), expected, 1e-6, {
    what: `${what} values that count twice`,
    fix,
  });
}

/** Missing values are encoded, and to the same values however they are written. */
function checkMissing(example: FeatureExample): void {
  const features = featuresOf(example);
  const names = [NAME, ...Object.keys(example.others)];
  const rowOf = (value: unknown) => recordOf(names, () => value);
  const [missing, ...others] = [null, undefined, ''].map((value) => encoded(features, [rowOf(value)]));
  for (const each of others) {
    expectAgreement(each, missing!, 0, {
      what: 'the same numbers for null, undefined and an empty text',
      fix: 'Read each of them as a missing value.',
    });
  }
  const wrong = Object.entries(missing!).find(([, numbers]) => Array.from(numbers).some((x) => !Number.isFinite(x)));
  if (!wrong) return;
  broken({
    expected: 'finite numbers for a missing value',
    seen: `${String(wrong[1])} in ${wrong[0]}`,
    fix: 'Write 0 where the value is missing.',
  });
}

/** Each value has finite numbers. */
function checkFinite(example: FeatureExample): void {
  const { declared, rows } = example;
  const encode = rowEncoder({ features: featuresOf(example) });
  const numbers = Object.values(numbersOf(encode(rows))).flatMap((each) => Array.from(each));
  if (numbers.every((x) => Number.isFinite(x))) return;
  broken({
    expected: `finite numbers for each value of ${declared.kind}`,
    seen: String(numbers.find((x) => !Number.isFinite(x))),
    fix: 'Refuse a value that has none, with a message that says what you take.',
  });
}

/** The graph of a kind of number has the numbers of encoded rows. Kinds without one pass. */
function checkGraph(example: FeatureExample): void {
  const features = featuresOf(example);
  const form = formOf(features[NAME]!, NAME, features);
  if (form.type !== 'numbers' || !form.graph) return;
  const values = example.rows.map(({ [NAME]: value }) => (isMissing(value) ? NaN : Number(value)));
  const seen = tf.tidy(() => form.graph!(tf.tensor1d(values), tf).dataSync());
  const { numeric } = rowEncoder({ features: { [NAME]: features[NAME]! } })(example.rows);
  expectAgreement({ numeric: seen }, { numeric }, 1e-5, {
    what: 'the same numbers from rows and from the graph',
    fix: 'Let `graph` compute what `write` does.',
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

const options = {
  /** Values of the feature, some of which may be missing; for one that reads other features, their values by name. */
  values: listOf(anything, 1),
  /** Fitted features that it reads, by name. */
  others: optional(anything as Option<Schema['features']>),
};

/**
 * Tests a kind of feature: the promises of its kind, and those of every component. The model has the feature beside a vector `x`.
 *
 * @throws PolytaskError for a feature of a kind that `defineFeature` hasn't defined, and when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testFeature(date(), { values: ['2026-01-31', '2026-11-28', null], runner });
 */
export const testFeature = tester('feature', options, (declared: DeclaredFeature, { values, others }) => {
  const { kind, ...config } = declared;
  if (!declaringOf(kind)) {
    fail({
      expected: 'a feature of a kind that was defined with defineFeature',
      received: kind,
      fix: 'Its tests are those of @polytask/data.',
    });
  }
  const rows = values.map((value) => (others ? value : { [NAME]: value }) as Row);
  const example: FeatureExample = { declared, others: others ?? {}, rows };
  return {
    spec: { kind: 'feature', name: kind, config },
    numbers: (spec) =>
      encoded(featuresOf({ ...example, declared: declareFeature(spec.name, spec.config as object) }), rows),
    model: (tasks = ['a', 'b']) =>
      tinyModel(tinyNetwork(), { tasks, features: { ...featuresOf(example), x: { kind: 'vector', width: 3 } } }),
    way: () => partsOf(example),
    own: {
      'the fitted feature is plain JSON': () => checkFeatureJson(example),
      'a fitted feature says how it is declared': () => checkDeclaration(example),
      'a fit counts rows, in any order': () => checkFit(example),
      'a row alone has the numbers that it has among others': () => checkRowByRow(example),
      'missing values are finite numbers, however they are written': () => checkMissing(example),
      'values are finite numbers': () => checkFinite(example),
      'a graph of raw numbers has the numbers of rows': () => checkGraph(example),
    },
  };
});
