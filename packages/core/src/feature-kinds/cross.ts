import { fail, listOf, optional, suggestion, text, wholeNumber } from '@polytask/components';
import { hashedCodes } from '../features/codes.ts';
import { defineFeature, formOf } from '../features/feature-kind.ts';
import type { IdForm } from '../features/feature-form.ts';
import type { Schema } from '../features/schema.ts';
import { textOf } from '../features/values.ts';

const options = {
  /** The features, two or more, each with one category in a row. */
  of: listOf(text, 2),
  /** The number of buckets into which the combinations are hashed. */
  buckets: optional(wholeNumber(1), 16_384),
};

/**
 * Declares the combination of several features as a feature of its own, hashed: the wide part of wide & deep models (Cheng et al. 2016,
 * section 3.1). It reads the values of these features, and has no column. Where all are missing, it is missing.
 *
 * @throws PolytaskError for an unknown option, and for fewer than two features; when a schema is fitted, for a feature that isn't one
 * category
 * @example cross({ of: ['country', 'device'], buckets: 10_000 }) // beside country: categorical(), device: categorical()
 */
export const cross = defineFeature('cross', {
  options,
  reads: ({ of }) => of,
  fit: (declared) => ({ finish: () => declared }),
  declare: (fitted) => fitted,
  fitted: options,
  form({ of, buckets }, features) {
    const parts = of.map((name) => ({ name, text: oneId(name, features).textOf ?? textOf }));
    return {
      type: 'id',
      reads: of,
      codes: hashedCodes({ buckets }),
      textOf(values) {
        const texts = parts.map((part, i) => part.text((values as readonly unknown[])[i], part.name));
        return texts.every((each) => each === null) ? null : JSON.stringify(texts);
      },
    };
  },
  description: 'the combination of several features, hashed',
  package: '@polytask/core/features',
});

function oneId(name: string, features: Schema['features']): IdForm {
  const feature = features[name];
  const form = feature && formOf(feature, name, features);
  if (form?.type === 'id' && !form.reads) return form;
  return fail({
    expected: 'a cross of features with one category in a row',
    received: `"${name}", ${feature ? `a ${feature.kind} feature` : 'which is no feature'}`,
    fix: feature ? 'Declare a number as buckets() to cross it.' : suggestion(name, Object.keys(features)),
  });
}
