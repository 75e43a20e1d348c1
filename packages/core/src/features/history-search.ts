import { checkLength, entriesOf, textOf } from './values.ts';

/**
 * A hard search in a long history (SIM, Pi et al., CIKM 2020, section 3.2): the features of the candidate, by the list that has their
 * values for the entries. The list is the sequence itself or a side column. An entry is kept if one of its values is the candidate's.
 */
export type HistorySearch = Readonly<Record<string, string>>;

/** The lists of a search, with the text between their entries. */
interface Lists {
  readonly [name: string]: { readonly separator?: string };
}

/** The features whose values a searched list reads, itself first. */
export const searchReads = (name: string, search: HistorySearch): string[] => [
  ...new Set([name, ...Object.keys(search), ...Object.values(search)]),
];

/**
 * Creates the search of one list: the sequence, or a side column of it.
 *
 * @param name of the list
 * @param lists the features of the schema
 * @param most how many entries to keep: the last ones that match
 * @returns a function of the values of {@link searchReads} that gives the entries of the list that are kept, in order
 * @throws PolytaskError when the lists of a row have different lengths
 * @example searchedList('history', { history: 'item' }, {}, 2)(['a|b|a', 'a']) // ['a', 'a']
 */
export function searchedList(
  name: string,
  search: HistorySearch,
  lists: Lists,
  most: number,
): (values: unknown) => unknown[] {
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
