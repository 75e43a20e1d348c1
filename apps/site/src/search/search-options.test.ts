import MiniSearch from 'minisearch';
import { expect, it } from 'vitest';
import { indexOptions, searchOptions, withSearchWords, type Section } from './search-options.ts';

/** An index as VitePress builds it, of sections with a title. */
function indexOf(sections: readonly (Section & { readonly text: string })[]) {
  const index = new MiniSearch({
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    ...indexOptions,
  });
  index.addAll(sections);
  return (words: string) => index.search(words, { prefix: true, ...searchOptions }).map(({ id }) => String(id));
}

const section = (id: string, title: string, text = '') => ({ id, title, titles: ['Page'], text });

it('a guide is before the API, the API before nothing, and a name finds its function', () => {
  const search = indexOf([
    section('/api/training/stopping.html', 'earlyStopping', 'early stopping'),
    section('/docs/decisions/0001.html', 'Early stopping'),
    section('/docs/training.html', 'Training', 'early stopping, as earlyStopping does it'),
  ]);
  expect(search('early stopping')[0]).toBe('/docs/training.html');
  expect(search('earlyStopping')[0]).toBe('/api/training/stopping.html');
});

it('short words are exact, plurals are not, and words of questions count nothing', () => {
  const search = indexOf([
    section('/docs/a.html', 'GRU'),
    section('/docs/b.html', 'Losses'),
    section('/docs/c.html', 'How to'),
  ]);
  expect(search('gpu')).toEqual([]);
  expect(search('a loss')).toEqual(['/docs/b.html']);
  expect(search('how do I')).toEqual([]);
});

it('the functions work as text, as VitePress writes them into pages', () => {
  const parsed = new Function(`return ${String(searchOptions.boostDocument)}`)() as typeof searchOptions.boostDocument;
  expect(parsed!('/api/x.html', 'x', { title: 'x', titles: [] })).toBe(0.15);
  const process = new Function(`return ${String(indexOptions.processTerm)}`)() as (term: string) => string | null;
  expect(['Embeddings', 'classes', 'bias', 'The'].map(process)).toEqual(['embedding', 'class', 'bias', null]);
});

it('a comment of search words is text of the index only', () => {
  expect(withSearchWords('# A\n\n<!-- search: b, c -->\n\nText\n')).toBe('# A\n\nb, c\n\nText\n');
});
