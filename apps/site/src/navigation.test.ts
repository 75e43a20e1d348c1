import { expect, it } from 'vitest';
import { sidebar } from './navigation.ts';
import { addressOf, pagesIn } from './repository.ts';

type Item = ReturnType<typeof sidebar>[number];
const linksOf = ({ link, items = [] }: Item): string[] => [...(link ? [link] : []), ...items.flatMap(linksOf)];

it('has the groups of the overview, and each page of docs once', () => {
  const groups = sidebar();
  const names = ['Tutorial', 'How-to', 'Reference', 'Explanation', 'Results', 'Contributing'];
  expect(groups.map(({ text }) => text)).toEqual(names);
  const links = groups.flatMap(linksOf).filter((link) => link.startsWith('/docs/'));
  expect(links.length).toBe(new Set(links).size);
  expect(links).toEqual(expect.arrayContaining(pagesIn('docs').map(addressOf)));
  expect(linksOf(groups.at(-1)!)).toEqual(expect.arrayContaining(pagesIn('docs/decisions').map(addressOf)));
});
