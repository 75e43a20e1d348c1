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
import type { Checks } from '../cases/case.ts';
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
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

/** The feature as a fit leaves it to these rows, by their indices. @param counts how often each of them counts */
function fittedFeature(
  { declared, rows }: FeatureExample,
  order: readonly number[] = [...rows.keys()],
  counts: readonly number[] = order.map(() => 1),
): Feature {
  const fit = declaringOf(declared.kind)!.fit(declared);
  const isNumber = featureKind(declared.kind).cell === 'number';
  order.forEach((row, i) => {
    const { [NAME]: value } = rows[row]!;
    if (!isMissing(value)) fit.add?.(isNumber ? Number(value) : String(value), counts[i]!);
  });
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

/** What a kind of feature promises. */
function ownPromises(example: FeatureExample): Checks {
  const { rows, others } = example;
  const all = () => encoded(featuresOf(example), rows);
  return {
    'the fitted feature is plain JSON': [
      'Let `fitted` check every key that `form` reads.',
      () => {
        const features = JSON.parse(JSON.stringify(featuresOf(example))) as Schema['features'];
        checkFeatures(features, 'features'); // as of a saved model
        expectAgreement(encoded(features, rows), all(), 0, 'the same numbers from the JSON of the fitted feature');
      },
    ],
    'a fitted feature says how it is declared': [
      'Let `declare` give the options of the kind that read a fitted feature again.',
      () => {
        const feature = fittedFeature(example);
        const declared = declareFeature(feature.kind, { ...declaringOf(feature.kind)!.declare?.(feature) });
        const again = { ...fittedFeature({ ...example, declared }), ...feature };
        expectAgreement(encoded({ ...others, [NAME]: again }, rows), all(), 0, 'the numbers of the fitted feature');
      },
    ],
    'a row alone has the numbers that it has among others': [
      'Let `write`, `textOf` and `entries` keep nothing between two values.',
      () => {
        const encode = rowEncoder({ features: featuresOf(example) });
        const alone = [...rows].reverse().map((row) => numbersOf(encode([row]))).reverse(); // prettier-ignore
        const joined = recordOf(Object.keys(alone[0]!), (part) => alone.flatMap((each) => Array.from(each[part]!)));
        expectAgreement(joined, numbersOf(encode(rows)), 0, 'the same numbers of a row alone and among others');
      },
    ],
    'missing values are finite numbers, however they are written': [
      'Read null, undefined and an empty text as a missing value, and write 0 where the value is missing.',
      () => {
        const rowOf = (value: unknown) => recordOf([NAME, ...Object.keys(others)], () => value);
        const [missing, ...same] = [null, undefined, ''].map((value) => encoded(featuresOf(example), [rowOf(value)]));
        for (const each of same)
          expectAgreement(each, missing!, 0, 'the same numbers for null, undefined and an empty text');
        expectFinite(missing!);
      },
    ],
    'values are finite numbers': [
      'Refuse a value that has none, with a message that says what you take.',
      () => expectFinite(all()),
    ],
    'a graph of raw numbers has the numbers of rows': [
      'Let `graph` compute what `write` does.',
      () => {
        const features = featuresOf(example);
        const form = formOf(features[NAME]!, NAME, features);
        if (form.type !== 'numbers' || !form.graph) return;
        const values = rows.map(({ [NAME]: value }) => (isMissing(value) ? NaN : Number(value)));
        const seen = tf.tidy(() => form.graph!(tf.tensor1d(values), tf).dataSync());
        const { numeric } = rowEncoder({ features: { [NAME]: features[NAME]! } })(rows);
        expectAgreement(seen, numeric, 1e-5, 'the same numbers from rows and from the graph');
      },
    ],
  };
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
 * Tests a kind of feature, in a model with a vector `x` beside it.
 *
 * @throws PolytaskError for a feature of a kind that `defineFeature` hasn't defined
 * @example testFeature(date(), { values: ['2026-01-31', '2026-11-28', null], runner });
 */
export const testFeature = tester('feature', options, (declared: DeclaredFeature, { values, others = {} }) => {
  const { kind, ...config } = declared;
  if (!declaringOf(kind)) {
    fail({
      expected: 'a feature of a kind that was defined with defineFeature',
      received: kind,
      fix: 'Its tests are those of @polytask/data.',
    });
  }
  const isAlone = Object.keys(others).length === 0;
  const rows = values.map((value) => (isAlone ? { [NAME]: value } : value) as Row);
  const example: FeatureExample = { declared, others, rows };
  return {
    spec: { kind: 'feature', name: kind, config },
    numbers: (spec) =>
      encoded(featuresOf({ ...example, declared: declareFeature(spec.name, spec.config as object) }), rows),
    rows: {
      weights: rows.map((_, row) => 1 + (row % 2)),
      within: [1e-6, 1e-6],
      found: (order, counts) => encoded({ ...others, [NAME]: fittedFeature(example, order, counts) }, rows),
    },
    model: (tasks = ['a', 'b']) =>
      tinyModel(tinyNetwork(), { tasks, features: { ...featuresOf(example), x: { kind: 'vector', width: 3 } } }),
    way: () => partsOf(example),
    own: ownPromises(example),
  };
});
