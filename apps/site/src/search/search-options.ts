import type { Options, SearchOptions } from 'minisearch';

/** A section of a page, as VitePress puts it into the index. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The headings above it. Empty for the first section of a page. */
  readonly titles: readonly string[];
}

/**
 * How the search ranks: guides before error messages, packages and the gallery, and these before decisions, results and the API.
 *
 * VitePress writes the functions into the pages as text. So they use nothing from outside.
 */
export const searchOptions: SearchOptions = {
  fuzzy: (term) => (term.length > 4 ? 0.2 : false), // a GPU isn't a GRU
  boostDocument: (id, term, section) => {
    const { title, titles } = section as unknown as Section;
    // Who writes `earlyStopping` means the function. The words "early stopping" are for the guide
    if (/[a-z][A-Z]/.test(title) && title.toLowerCase().replace(/s$/, '') === term) return 1;
    const kinds: readonly (readonly [RegExp, number])[] = [
      [/\/api\//, 0.15],
      [/\/docs\/decisions\//, 0.2],
      [/\/docs\/(results|leaderboard)\/|performance-tables|CONTRIBUTING/, 0.3],
      [/\/(packages|gallery)\/|troubleshooting/, 0.5], // an error message has so many words that it is first all the same
    ];
    return kinds.find(([pattern]) => pattern.test(String(id)))?.[1] ?? (titles.length === 0 ? 1.5 : 1);
  },
};

/** Leaves out the words that are in every question and in no answer, and the plural of the others. */
export const indexOptions: Pick<Options, 'processTerm'> = {
  processTerm: (term) => {
    const word = term.toLowerCase();
    if (/^(a|an|the|how|do|does|i|my|to|is|of|in|with|what|can|for|it)$/.test(word)) return null;
    return word.replace(/(?<=ss|x|ch|sh)es$|(?<=\w\w[^aius])s$/, '');
  },
};

/**
 * Makes the words of a comment `<!-- search: … -->` part of its section in the index. Readers look for words that a text has no use for.
 *
 * @param markdown a page
 */
export const withSearchWords = (markdown: string): string => markdown.replace(/^<!-- search: (.+) -->$/gm, '$1');
