import { fail, listOf, optional, suggestion, text, wholeNumber } from '@polytask/components';
import { hashedCodes } from '../features/codes.ts';
import { defineFeature, type DeclaredFeature } from '../features/define-feature.ts';
import type { IdForm } from '../features/feature-form.ts';
import { formOf } from '../features/feature-kind.ts';
import type { Schema } from '../features/schema.ts';
import { textOf } from '../features/values.ts';

/** The combination of the values of several features. */
export interface CrossDeclaration extends Omit<DeclaredFeature, 'from'> {
  readonly kind: 'cross';
  /** The features, two or more, each with one category in a row. */
  readonly of: readonly string[];
  /** The number of buckets into which the combinations are hashed. Default 16,384. */
  readonly buckets?: number;
}

/** A fitted cross. */
export interface CrossFeature {
  readonly kind: 'cross';
  readonly of: readonly string[];
  readonly buckets: number;
}

/**
 * Declares the combination of several features as a feature of its own, hashed: the wide part of wide & deep models (Cheng et al. 2016,
 * section 3.1). It reads the values of these features, and has no column. Where all are missing, it is missing.
 *
 * @throws PolytaskError for an unknown option, and for fewer than two features; when a schema is fitted, for a feature that isn't one
 * category
 * @example cross({ of: ['country', 'device'], buckets: 10_000 }) // beside country: categorical(), device: categorical()
 */
export const cross = defineFeature<CrossDeclaration, CrossFeature>('cross', {
  options: () => ({ of: listOf(text, 2), buckets: optional(wholeNumber(1)) }),
  reads: ({ of }) => of,
  fit: ({ of, buckets = 16_384 }) => ({ finish: () => ({ kind: 'cross', of, buckets }) }),
  declare: ({ of, buckets }) => ({ of, buckets }),
  fitted: () => ({ of: listOf(text, 2), buckets: wholeNumber(1) }),
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
