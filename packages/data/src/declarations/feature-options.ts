import { checkOptions, checks, fail, type Check, type Options } from '@polytask/core';
import { anything, text, texts } from '../options/checks.ts';
import type {
  CategoricalDeclaration,
  FeatureDeclaration,
  HashedDeclaration,
  MultiValuedDeclaration,
  NumericDeclaration,
  VectorDeclaration,
} from './features.ts';

const { flag, listOf, oneOf, optional, wholeNumber } = checks;

type OptionsOf<D extends FeatureDeclaration> = Options<Omit<D, 'kind'>>;

const from = optional(text);
const count = optional(wholeNumber(1));

const numeric: OptionsOf<NumericDeclaration> = {
  from,
  log: optional(flag),
  indicator: optional(flag),
  standardise: optional(flag),
};

const categorical: OptionsOf<CategoricalDeclaration> = {
  from,
  minCount: count,
  maxSize: count,
  vocabulary: optional(texts),
};

const hashed: OptionsOf<HashedDeclaration> = { from, buckets: wholeNumber(1) };

const values: Check = (value, where) => {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (kind === 'categorical') checkOptions(value, { kind: anything, ...categorical }, where);
  else if (kind === 'hashed') checkOptions(value, { kind: anything, ...hashed }, where);
  else {
    fail({
      expected: `categorical() or hashed() for ${where}`,
      received: JSON.stringify(kind ?? value) ?? 'nothing',
      mend: 'Pass values: hashed({ buckets: 1000 }).',
    });
  }
};

const multiValued: OptionsOf<MultiValuedDeclaration> = {
  from,
  values: optional(values),
  separator: optional(text),
  maxLength: count,
  pooling: optional(oneOf('mean', 'sum')),
};

/** Of numbers that stand in one column. */
const vector: Options<Pick<VectorDeclaration, 'width' | 'from'>> = { from, width: wholeNumber(1) };

/** Of numbers that stand side by side. */
const vectorColumns: Options<Pick<Required<VectorDeclaration>, 'columns'>> = { columns: listOf(text, 1) };

/** A check for each option of each kind of feature: of those that programs declare, and of those in data set files. */
export const FEATURE_OPTIONS = { numeric, categorical, hashed, multiValued, vector, vectorColumns } as const;
