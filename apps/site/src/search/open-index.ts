import MiniSearch from 'minisearch';
import { indexOptions, searchOptions, type Section } from './search-options.ts';

/** The index that VitePress has built, with the options of its search box. @param json the text of `@localSearchIndex` */
export const openIndex = (json: string): MiniSearch<Section> =>
  MiniSearch.loadJSON(json, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    ...indexOptions,
    searchOptions: { prefix: true, boost: { title: 4, text: 2, titles: 1 }, ...searchOptions },
  });
