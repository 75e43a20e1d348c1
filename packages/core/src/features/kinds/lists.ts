import { fail, oneOf, optional, string, wholeNumber } from '@polytask/components';
import type { IdForm, IdsForm } from '../feature-form.ts';
import { formOf, readFeature, registerFeature, type AnyFeature } from '../feature-kind.ts';
import { entriesOf, numbersOf, textOf } from '../values.ts';
import type { IdFeature } from './ids.ts';
import type { NumericFeature } from './numeric.ts';

interface ListFeature {
  readonly values: AnyFeature;
  /** The separator of the values when the cell is a string. */
  readonly separator: string;
}

/** Several values in one cell. Their embeddings are pooled; an empty cell becomes zeros. */
export interface MultiValuedFeature extends ListFeature {
  readonly kind: 'multi-valued';
  readonly values: IdFeature;
  /** The most values per cell. Further values are ignored. */
  readonly maxLength: number;
  readonly pooling: 'mean' | 'sum';
}

/**
 * An ordered list of ids, oldest first, such as the items that a user has viewed. Their embeddings are pooled; an empty list
 * becomes zeros.
 */
export interface IdSequenceFeature extends ListFeature {
  readonly kind: 'id-sequence';
  readonly values: IdFeature;
  /** The most entries per row. Of a longer list, the last entries are kept. */
  readonly maxLength: number;
  /** `last` is the last entry alone. `attention` weighs each entry by what it says about the `target`. */
  readonly pooling: 'mean' | 'last' | 'attention';
  /** With `attention`: the feature with the candidate's id. It shares its table with the sequence. */
  readonly target?: string;
}

/** One more value for each entry of a sequence, such as the time since a view. It is pooled with the weights of the sequence. */
export interface SideColumnFeature extends ListFeature {
  readonly kind: 'side-column';
  /** The sequence. Both lists have the same length in each row. */
  readonly of: string;
  readonly values: NumericFeature | IdFeature;
}

/** The form of one value of a list. */
function idForm(feature: AnyFeature): IdForm {
  const form = formOf(feature, 'values');
  if (form.type === 'id') return form;
  return fail({
    expected: 'values with one id each',
    received: feature.kind,
    mend: 'Pass hashed values, say.',
  });
}

/** The form of a list of ids: a cell is a list, or a text with a separator. */
function idsForm({ values, separator }: ListFeature) {
  const { codes, textOf: text = textOf } = idForm(values);
  return {
    type: 'ids',
    codes,
    separator,
    entries: (value: unknown, name: string) => entriesOf(value, name, separator).map((each) => text(each, name)),
  } as const;
}

const list = { values: readFeature, separator: string, maxLength: wholeNumber(1) };

registerFeature<MultiValuedFeature>('multi-valued', {
  fitted: () => ({ ...list, pooling: oneOf('mean', 'sum') }),
  form(feature) {
    const { maxLength: width, pooling } = feature;
    const form = idsForm(feature);
    const entries: IdsForm['entries'] = (...value) => form.entries(...value).filter((each) => each !== null);
    return { ...form, entries, width, pooling };
  },
});

registerFeature<IdSequenceFeature>('id-sequence', {
  fitted: () => ({ ...list, pooling: oneOf('mean', 'last', 'attention'), target: optional(string) }),
  form(feature) {
    const { maxLength: width, pooling, target } = feature;
    return { ...idsForm(feature), width, pooling, target, ordered: true };
  },
});

registerFeature<SideColumnFeature>('side-column', {
  fitted: () => ({ of: string, values: readFeature, separator: string }),
  form(feature) {
    const { of, separator } = feature;
    const form = formOf(feature.values, 'values');
    const scale = form.type === 'numbers' && form.scale;
    if (!scale) return { ...idsForm(feature), of };
    return { type: 'entry-numbers', of, separator, scale, entries: (...value) => numbersOf(...value, separator) };
  },
});
