import type MiniSearch from 'minisearch';
import type { Section } from '../search/search-options.ts';

/** A page that the search knows. */
export interface FoundPage {
  readonly title: string;
  /** With the base of the site. */
  readonly address: string;
}

/** The words of an address that leads nowhere: `/docs/getting-started.html` has "getting started". @param base of the site */
export function wordsOf(pathname: string, base: string): string {
  const path = decoded(pathname.startsWith(base) ? pathname.slice(base.length) : pathname);
  const words = path.replace(/\.(html|md)$/, '').split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => !['', 'docs', 'index', 'README'].includes(word)).join(' ');
}

/** A path whose `%` are no escapes is taken as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The pages that fit these words best, the nearest first. @param index the site's, of sections */
export function nearestPages(index: MiniSearch<Section>, words: string, most = 5): FoundPage[] {
  const pages = new Map<string, string>();
  for (const { id, title, titles } of index.search(words, { fuzzy: 0.3 })) {
    const address = String(id).replace(/#.*/, '');
    if (!pages.has(address)) pages.set(address, (titles as string[])[0] ?? (title as string));
    if (pages.size === most) break;
  }
  return [...pages].map(([address, title]) => ({ address, title }));
}
