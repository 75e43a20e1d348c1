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
 * @returns a function of the values of {@link searchReads} that gives the entries of the list that are kept, in order
 * @throws PolytaskError when the lists of a row have different lengths
 * @example searchedList('history', { history: 'item' }, {})(['a|b|a', 'a']) // ['a', 'a']
 */
export function searchedList(name: string, search: HistorySearch, lists: Lists): (values: unknown) => unknown[] {
  const names = searchReads(name, search);
  const pairs = Object.entries(search).map(([list, of]) => ({
    list,
    of,
    at: names.indexOf(list),
    candidate: names.indexOf(of),
  }));
  const separatorOf = (list: string) => lists[list]?.separator ?? '|';
  return (values) => {
    const all = values as readonly unknown[];
    const own = entriesOf(all[0], name, separatorOf(name));
    const wanted = pairs.map(({ list, of, at, candidate }) => {
      const entries = entriesOf(all[at], list, separatorOf(list));
      checkLength(list, entries.length, name, own.length);
      return { list, entries, text: textOf(all[candidate], of) };
    });
    return own.filter((_, i) =>
      wanted.some(({ list, entries, text }) => text !== null && textOf(entries[i], list) === text),
    );
  };
}
