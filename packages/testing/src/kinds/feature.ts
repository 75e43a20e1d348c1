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
import { expectAgreement, expectFinite, type Numbers } from '../cases/agreement.ts';
import { check } from '../cases/case.ts';
import { tester } from '../tester.ts';
import { tinyNetwork } from '../tiny/parts.ts';
import { tinyModel } from '../tiny/tiny-model.ts';

const NAME = 'feature';

const isMissing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || Number.isNaN(value);

/** The feature as a fit leaves it to these values, by their indices. @param counts how often each of them counts */
function fittedTo(
  declared: DeclaredFeature,
  values: readonly unknown[],
  order: readonly number[] = [...values.keys()],
  counts: readonly number[] = order.map(() => 1),
): Feature {
  const fit = declaringOf(declared.kind)!.fit(declared);
  const isNumber = featureKind(declared.kind).cell === 'number';
  order.forEach((row, i) => {
    const value = values[row];
    if (!isMissing(value)) fit.add?.(isNumber ? Number(value) : String(value), counts[i]!);
  });
  return fit.finish();
}

const numbersOf = (batch: Batch): Numbers =>
  Object.fromEntries(arraysOf(batch).map(({ name, of }) => [name, Array.from(of(batch)!)]));

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
export const testFeature = tester(
  { kind: 'feature', options, of: declareFeature },
  (declared: DeclaredFeature, given) => {
    const { values, others = {} } = given;
    const { kind, ...config } = declared;
    if (!declaringOf(kind)) {
      fail({
        expected: 'a feature of a kind that was defined with defineFeature',
        received: kind,
        fix: 'Its tests are those of @polytask/data.',
      });
    }
    const read = Object.keys(others); // the names of features whose values it reads
    const rows = values.map((value) => (read.length === 0 ? { [NAME]: value } : value) as Row);
    const cells = rows.map((row) => row[NAME]);
    const fitted = () => fittedTo(declared, cells);
    const featuresOf = (feature: Feature): Schema['features'] => ({ ...others, [NAME]: feature });
    /** The numbers of the rows, or of others, with a fitted feature. */
    const encoded = (feature: Feature = fitted(), of = rows) =>
      numbersOf(rowEncoder({ features: featuresOf(feature) })(of));
    return {
      spec: { kind: 'feature', name: kind, config },
      numbers: (spec) => encoded(fittedTo(declareFeature(spec.name, spec.config as object), cells)),
      rows: {
        weights: rows.map((_, row) => 1 + (row % 2)),
        within: [1e-6, 1e-6],
        found: (order, counts) => encoded(fittedTo(declared, cells, order, counts)),
      },
      model: ({ tasks } = {}) =>
        tinyModel(tinyNetwork(), { tasks, features: { ...featuresOf(fitted()), x: { kind: 'vector', width: 3 } } }),
      way: () => ({
        features: { ...schemaRowFormat({ features: others, tasks: {} }).features, [NAME]: declared },
        columns: recordOf(read.length > 0 ? read : [NAME], (name) => rows.map((row) => row[name])),
      }),
      own: {
        'the fitted feature is plain JSON': check(() => {
          const feature = fitted();
          const copy = JSON.parse(JSON.stringify(feature)) as Feature;
          checkFeatures(featuresOf(copy), 'features'); // as of a saved model
          expectAgreement(encoded(copy), encoded(feature), 0, 'the same numbers from the JSON of the fitted feature');
        }, 'Let `fitted` check every key that `form` reads.'),
        'a fitted feature says how it is declared': check(() => {
          const feature = fitted();
          const again = declareFeature(feature.kind, { ...declaringOf(feature.kind)!.declare?.(feature) });
          const seen = encoded({ ...fittedTo(again, cells), ...feature });
          expectAgreement(seen, encoded(feature), 0, 'the numbers of the fitted feature');
        }, 'Let `declare` give the options of the kind that read a fitted feature again.'),
        'a row alone has the numbers that it has among others': check(() => {
          const encode = rowEncoder({ features: featuresOf(fitted()) });
          const alone = rows.toReversed().map((row) => numbersOf(encode([row])));
          const joined = recordOf(Object.keys(alone[0]!), (part) =>
            alone.toReversed().flatMap((each) => Array.from(each[part]!)),
          );
          expectAgreement(joined, numbersOf(encode(rows)), 0, 'the same numbers of a row alone and among others');
        }, 'Let `write`, `textOf` and `entries` keep nothing between two values.'),
        'values are finite numbers, and missing ones too, however they are written': check(() => {
          expectFinite(encoded());
          const [missing, ...same] = [null, undefined, ''].map((value) =>
            encoded(fitted(), [recordOf([NAME, ...read], () => value)]),
          );
          for (const each of same)
            expectAgreement(each, missing!, 0, 'the same numbers for null, undefined and an empty text');
          expectFinite(missing!);
        }, 'Read null, undefined and an empty text as a missing value, write 0 for it, and refuse a value without a number.'),
        'a graph of raw numbers has the numbers of rows': check(() => {
          const feature = fitted();
          const form = formOf(feature, NAME, featuresOf(feature));
          if (form.type !== 'numbers' || !form.graph) return;
          const raw = cells.map((value) => (isMissing(value) ? NaN : Number(value)));
          const seen = tf.tidy(() => form.graph!(tf.tensor1d(raw), tf).dataSync());
          const { numeric } = rowEncoder({ features: { [NAME]: feature } })(rows);
          expectAgreement(seen, numeric, 1e-5, 'the same numbers from rows and from the graph');
        }, 'Let `graph` compute what `write` does.'),
      },
    };
  },
);
