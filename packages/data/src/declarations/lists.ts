import { fail, oneOf, optional, record, text, wholeNumber, type Option, type Written } from '@polytask/components';
import { type DeclaredFeature, type Feature, type Pooling, poolingForm } from '@polytask/core';
import { anyPooling, poolingSpec } from '@polytask/core/internal';
import { type Need, columnIn, listLength, numberLists } from '../columns/columns.ts';
import { declarationOfKind, declared, type DeclaredKind, from, type Kinds } from './declared-kind.ts';
import type { Vocabularies } from '../statistics/counts.ts';
import type { Fitter } from '../statistics/statistics.ts';
import { idsFitter, ID_KINDS, type IdDeclaration } from './ids.ts';
import { momentsFitter, numericKind, type NumericDeclaration } from './numeric.ts';

const { indicator: _, values: __, ...entryOptions } = numericKind.options; // a missing entry is the mean
const ENTRY_KINDS = { ...ID_KINDS, numeric: { ...numericKind, options: entryOptions } } as unknown as Kinds;

const listOptions = {
  /** The declaration of one value. Default `categorical()`. */
  values: optional(declarationOfKind<IdDeclaration>(() => ID_KINDS)),
  /** The text between two values of a cell. Default `|`. */
  separator: optional(text),
};

const severalOptions = {
  ...listOptions,
  /** Further values are left out. Default: the length of the longest list of the training rows. */
  maxLength: optional(wholeNumber(1)),
  /** How the embeddings of a cell's values are combined. Default `mean`. */
  pooling: optional(oneOf('mean', 'sum')),
};

/** Several values in one cell. */
export interface MultiValuedDeclaration extends DeclaredFeature, Written<typeof severalOptions> {
  readonly kind: 'multi-valued';
}

const sequenceOptions = {
  ...listOptions,
  /** The declaration of one id. Default: the vocabulary of the target, or `categorical()` without a target. */
  values: listOptions.values,
  /** Of a longer list, the last entries are kept. Default: the length of the longest list of the training rows. */
  maxLength: optional(wholeNumber(1)),
  /** The combination of the entries: the name of a pooling, or its spec. Default `attention` with a target, else `mean`. */
  pooling: optional(anyPooling as Option<Pooling>),
  /** The feature with the candidate's id, for a pooling that reads it, such as `attention`. */
  target: optional(text),
  /**
   * Searches a long history for the candidate: of the entries that match it, the last `maxLength` are kept. The keys are the sequence
   * or its side columns of ids, and the values are the features of the candidate that they must equal.
   */
  search: optional(record(text)),
};

/** An ordered list of ids, oldest first, such as the items that a user has viewed. */
export interface IdSequenceDeclaration extends DeclaredFeature, Written<typeof sequenceOptions> {
  readonly kind: 'id-sequence';
}

const sideOptions = {
  ...listOptions,
  /** The sequence. Both columns have lists of the same length in each row. */
  of: text,
  /** The declaration of one value. Default `categorical()`. */
  values: optional(declarationOfKind<IdDeclaration | NumericDeclaration>(() => ENTRY_KINDS)),
};

/** One more value for each entry of a sequence, in a column of its own. */
export interface SideColumnDeclaration extends DeclaredFeature, Written<typeof sideOptions> {
  readonly kind: 'side-column';
}

const SEPARATOR = '|';

const ANY_ID: IdDeclaration = { kind: 'categorical' };

const needs =
  (empty: 'left-out' | 'kept') =>
  (
    name: string,
    { from: column = name, separator = SEPARATOR }: DeclaredFeature & { separator?: string | undefined },
  ): Need[] => [{ kind: 'lists', key: name, column, separator, empty }];

/** The options that read a fitted list again: its own, with the declaration of its values. */
function declare(feature: Feature): object {
  const { kind: _, values, ...options } = feature as Feature & { readonly values: Feature };
  return { ...options, values: { kind: values.kind, ...ENTRY_KINDS[values.kind]!.declare?.(values) } };
}

type IdList = Omit<IdSequenceDeclaration, 'kind'>;

const idsOfList = ({ values, target }: IdList): IdDeclaration =>
  values ?? (target === undefined ? ANY_ID : { kind: 'shared', with: target });

const poolingOf = (target: string | undefined) => (target === undefined ? 'mean' : 'attention');

/** Lists of ids: what is fitted are their ids, and the length of the longest list. */
const listOfIds = (kind: 'multi-valued' | 'id-sequence', empty: 'left-out' | 'kept') => ({
  needs: needs(empty),
  ids: idsOfList,
  fitter(name: string, declaration: IdList, vocabularies: Vocabularies): Fitter<Feature> {
    const { separator = SEPARATOR, maxLength, target, search, pooling = poolingOf(target) } = declaration;
    const fitter = idsFitter(name, idsOfList(declaration), vocabularies, (table) => columnIn(table, 'lists', name));
    let longest = 1;
    return {
      add(table, rows) {
        fitter.add(table, rows);
        for (let i = 0; i < rows.length; i++) longest = Math.max(longest, listLength(table, name, rows[i]!));
      },
      finish: () => ({
        kind,
        ...{ values: fitter.finish(), separator, maxLength: maxLength ?? longest, pooling },
        ...(target !== undefined && { target }),
        ...(search && { search }),
      }),
    };
  },
  declare,
});

export const multiValuedKind: DeclaredKind<MultiValuedDeclaration> = {
  description: 'several values in one cell, pooled',
  options: { from, ...severalOptions },
  ...listOfIds('multi-valued', 'left-out'),
};

export const idSequenceKind: DeclaredKind<IdSequenceDeclaration> = {
  description: 'an ordered list of ids, such as the items that a user viewed',
  options: { from, ...sequenceOptions },
  ...listOfIds('id-sequence', 'kept'),
  check({ target, pooling = poolingOf(target), search, maxLength }) {
    if (search && maxLength === undefined) {
      fail({
        expected: 'the number of entries to keep of those that a search finds',
        received: 'search without maxLength',
        fix: 'Pass maxLength: 50.',
      });
    }
    if (poolingForm(pooling).target === (target !== undefined)) return;
    const { name } = poolingSpec(pooling);
    fail({
      expected: 'a target for a pooling that reads it, such as attention, and such a pooling for a target',
      received: target === undefined ? `pooling: "${name}" without a target` : `target: "${target}" with ${name}`,
      fix: "Pass idSequence({ target: 'item' }), or leave target out.",
    });
  },
};

/** The ids of a side column; undefined for numbers. */
const idsOfSide = ({ values = ANY_ID }: SideColumnDeclaration): IdDeclaration | undefined =>
  ENTRY_KINDS[values.kind]?.ids ? (values as IdDeclaration) : undefined;

export const sideColumnKind: DeclaredKind<SideColumnDeclaration> = {
  description: 'one more value for each entry of a sequence',
  options: { from, ...sideOptions },
  needs: needs('kept'),
  ids: idsOfSide,
  fitter(name, declaration, vocabularies) {
    const { of, separator = SEPARATOR, from: column = name, values } = declaration;
    const ids = idsOfSide(declaration);
    const { add, finish } = ids
      ? idsFitter(name, ids, vocabularies, (table) => columnIn(table, 'lists', name))
      : momentsFitter(column, { ...(values as NumericDeclaration), values: false }, (table) => {
          const listIn = numberLists(table, name, column);
          return (row, use) => listIn(row).forEach((value) => use(value, row));
        });
    return { add, finish: () => ({ kind: 'side-column', ...{ of, values: finish(), separator } }) };
  },
  declare,
};

/**
 * Declares a column of lists of categories.
 *
 * @throws PolytaskError as `numeric` does
 * @example multiValued({ separator: ',', values: hashed({ buckets: 1000 }), maxLength: 10 })
 */
export const multiValued = (given?: Omit<MultiValuedDeclaration, 'kind'>): MultiValuedDeclaration =>
  declared('multi-valued', multiValuedKind, given);

/**
 * Declares a column of histories: ordered lists of ids, oldest first. A cell is a list, or a text with a separator. An empty entry
 * is a missing id, and an empty cell an empty history.
 *
 * @throws PolytaskError as `numeric` does, and for `attention` without a target, or a target without `attention`
 * @example idSequence({ target: 'item', maxLength: 50 }) // beside item: categorical()
 */
export const idSequence = (given?: Omit<IdSequenceDeclaration, 'kind'>): IdSequenceDeclaration =>
  declared('id-sequence', idSequenceKind, given);

/**
 * Declares a column with one more value for each entry of a sequence: the time since a view, or the category of an item. The
 * values are pooled with the weights of the sequence, and its attention reads them.
 *
 * @throws PolytaskError as `numeric` does
 * @example sideColumn({ of: 'history', values: numeric({ log: true }) }) // the column `history_days`, say
 */
export const sideColumn = (given: Omit<SideColumnDeclaration, 'kind'>): SideColumnDeclaration =>
  declared('side-column', sideColumnKind, given);
