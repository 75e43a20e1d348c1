import { recordOf } from '@polytask/components';
import {
  rowEncoder,
  arraysOf,
  checkFeatures,
  declareFeature,
  declaringOf,
  featureKind,
  formOf,
  type Batch,
  type DeclaredFeature,
  type Feature,
  type Row,
  type Schema,
} from '@polytask/core';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';

/** A feature of the kind, the features that it reads, and rows with its values. */
export interface FeatureExample {
  /** The name of the feature is `feature`. */
  readonly declared: DeclaredFeature;
  /** The fitted features whose values it reads, by name. */
  readonly others: Schema['features'];
  readonly rows: readonly Row[];
}

export const NAME = 'feature';

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || Number.isNaN(value);

/** The feature as a fit to the rows leaves it. */
export function fittedFeature({ declared, rows }: FeatureExample): Feature {
  const fit = declaringOf(declared.kind)!.fit(declared);
  const isNumber = featureKind(declared.kind).cell === 'number';
  for (const { [NAME]: value } of rows) {
    if (!isMissing(value)) fit.add?.(isNumber ? Number(value) : String(value), 1);
  }
  return fit.finish();
}

/** All features, the fitted one among them. */
export const featuresOf = (example: FeatureExample): Schema['features'] => ({
  ...example.others,
  [NAME]: fittedFeature(example),
});

const numbersOf = (batch: Batch): Numbers =>
  Object.fromEntries(arraysOf(batch).map(({ name, of }) => [name, Array.from(of(batch)!)]));

const encoded = (features: Schema['features'], rows: readonly Row[]): Numbers =>
  numbersOf(rowEncoder({ features })(rows));

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The declaration and the fitted feature are plain JSON, and the fitted one passes the checks of a saved model. */
export function checkFeatureJson(example: FeatureExample): void {
  const { kind, ...options } = copyOf(example.declared);
  const again = fittedFeature({ ...example, declared: declareFeature(kind, options) });
  const features = copyOf(featuresOf(example));
  checkFeatures(features, 'features');
  expectAgreement(
    encoded({ ...features, [NAME]: again }, example.rows),
    encoded(featuresOf(example), example.rows),
    0,
    {
      what: 'the same numbers from the JSON of the declaration',
      fix: 'Declare it of plain JSON: numbers, texts, lists and objects.',
    },
  );
  expectAgreement(encoded(features, example.rows), encoded(featuresOf(example), example.rows), 0, {
    what: 'the same numbers from the JSON of the fitted feature',
    fix: 'Let `fitted` check every key that `form` reads.',
  });
}

/** The options that read a fitted feature again are options of its kind. */
export function checkDeclaration(example: FeatureExample): void {
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
export function checkRowByRow(example: FeatureExample): void {
  const { rows } = example;
  const encode = rowEncoder({ features: featuresOf(example) });
  const all = [...rows].reverse().map((row) => numbersOf(encode([row]))).reverse(); // prettier-ignore
  const joined = recordOf(Object.keys(all[0]!), (part) => all.flatMap((each) => Array.from(each[part]!)));
  expectAgreement(joined, numbersOf(encode(rows)), 0, {
    what: 'the same numbers of a row alone and among others',
    fix: 'Let `write`, `textOf` and `entries` keep nothing between two values.',
  });
}

/** Missing values are encoded, and to the same values however they are written. */
export function checkMissing(example: FeatureExample): void {
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
export function checkFinite(example: FeatureExample): void {
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
export function checkGraph(example: FeatureExample): void {
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
