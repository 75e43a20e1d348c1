import { fail, oneOf, optional, record, string, wholeNumber, type Option, type Read } from '@polytask/components';
import type { EntryNumbersForm, HistorySearch, IdForm, IdsForm } from '../feature-form.ts';
import { anyPooling } from '../pooling.ts';
import { formOf, readFeature, registerFeature, type AnyFeature } from '../feature-kind.ts';
import { checkLength, entriesOf, numbersOf, textOf } from '../values.ts';
import type { IdFeature } from './ids.ts';
import type { NumericFeature } from './numbers.ts';

const ofList = {
  values: readFeature as Option<IdFeature>,
  /** The separator of the values when the cell is a string. */
  separator: string,
};

const ofMultiValued = {
  ...ofList,
  /** The most values per cell. Further values are ignored. */
  maxLength: wholeNumber(1),
  pooling: oneOf('mean', 'sum'),
};

/** Several values in one cell. Their embeddings are pooled; an empty cell becomes zeros. */
export interface MultiValuedFeature extends Read<typeof ofMultiValued> {
  readonly kind: 'multi-valued';
}

const ofSequence = {
  ...ofList,
  /** The most entries per row. Of a longer list, the last entries are kept. */
  maxLength: wholeNumber(1),
  /** The combination of the entries: the name of a pooling, or its spec. */
  pooling: anyPooling,
  /** The feature with the candidate's id, for a pooling that reads it. It shares its table with the sequence. */
  target: optional(string),
  /** Of a long history, only the entries that match the candidate are kept, and then the last `maxLength`. */
  search: optional(record(string)),
};

/** An ordered list of ids, oldest first. Their embeddings are pooled; an empty list becomes zeros. */
export interface IdSequenceFeature extends Read<typeof ofSequence> {
  readonly kind: 'id-sequence';
}

const ofSideColumn = {
  /** The sequence. Both lists have the same length in each row. */
  of: string,
  values: readFeature as Option<NumericFeature | IdFeature>,
  separator: string,
};

/** One more value for each entry of a sequence, such as the time since a view. It is pooled with the weights of the sequence. */
export interface SideColumnFeature extends Read<typeof ofSideColumn> {
  readonly kind: 'side-column';
}

function idForm(feature: AnyFeature): IdForm {
  const form = formOf(feature, 'values');
  if (form.type === 'id') return form;
  return fail({
    expected: 'values with one id each',
    received: feature.kind,
    fix: 'Pass hashed values, say.',
  });
}

function idsForm({ values, separator }: Pick<SideColumnFeature, 'values' | 'separator'>) {
  const { codes, textOf: text = textOf } = idForm(values);
  return {
    type: 'ids',
    codes,
    separator,
    entries: (value: unknown, name: string) => entriesOf(value, name, separator).map((each) => text(each, name)),
  } as const;
}

type Lists = Readonly<Record<string, AnyFeature & { readonly separator?: string }>>;

/** The features whose values a searched list reads, itself first. */
const searchReads = (name: string, search: HistorySearch): string[] => [
  ...new Set([name, ...Object.keys(search), ...Object.values(search)]),
];

/** The search of one list: a function of the values of {@link searchReads} to the last `most` entries that match the candidate. */
function searchedList(name: string, search: HistorySearch, lists: Lists, most: number): (values: unknown) => unknown[] {
  const names = searchReads(name, search);
  const separatorOf = (list: string) => lists[list]?.separator ?? '|';
  return (values) => {
    const all = values as readonly unknown[];
    const own = entriesOf(all[0], name, separatorOf(name));
    const pairs = Object.entries(search).flatMap(([list, of]) => {
      const entries = entriesOf(all[names.indexOf(list)], list, separatorOf(list));
      checkLength(list, entries.length, name, own.length);
      const text = textOf(all[names.indexOf(of)], of);
      return text === null ? [] : [(i: number) => entries[i] === text || textOf(entries[i], list) === text];
    });
    const kept: unknown[] = [];
    for (let i = own.length - 1; i >= 0 && kept.length < most; i--)
      if (pairs.some((isMatch) => isMatch(i))) kept.push(own[i]);
    return kept.reverse();
  };
}

/** The form of a list whose sequence is searched: it reads the lists and the features of the search, too. */
function searched<F extends IdsForm | EntryNumbersForm>(
  form: F,
  name: string,
  { search, maxLength = 1 }: Partial<Pick<IdSequenceFeature, 'search' | 'maxLength'>> = {},
  features: Lists,
): F {
  if (!search) return form;
  const keep = searchedList(name, search, features, maxLength);
  return { ...form, reads: searchReads(name, search), entries: (values: unknown) => form.entries(keep(values), name) };
}

registerFeature('multi-valued', {
  fitted: ofMultiValued,
  form(feature) {
    const { maxLength: width, pooling } = feature;
    const form = idsForm(feature);
    const entries: IdsForm['entries'] = (...value) => form.entries(...value).filter((each) => each !== null);
    return { ...form, entries, width, pooling };
  },
});

registerFeature('id-sequence', {
  fitted: ofSequence,
  form(feature, features, name) {
    const { maxLength: width, pooling, target, search } = feature;
    const form = searched(idsForm(feature), name, feature, features);
    return { ...form, width, pooling, target, ordered: true, search };
  },
});

registerFeature('side-column', {
  fitted: ofSideColumn,
  form(feature, features, name) {
    const { of, separator } = feature;
    const sequence = features[of] as Partial<IdSequenceFeature> | undefined;
    const form = formOf(feature.values, 'values');
    const scale = form.type === 'numbers' && form.scale;
    if (!scale) return searched({ ...idsForm(feature), of }, name, sequence, features);
    const numbers: EntryNumbersForm = {
      ...{ type: 'entry-numbers', of, separator, scale },
      entries: (...value) => numbersOf(...value, separator),
    };
    return searched(numbers, name, sequence, features);
  },
});
