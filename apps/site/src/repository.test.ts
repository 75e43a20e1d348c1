import { describe, expect, it } from 'vitest';
import { pagesIn, siteLink, titleOf } from './repository.ts';

describe('a link of a page', () => {
  it.each([
    ['docs/serving.md', 'training.md#checkpoints', '/docs/training#checkpoints'],
    ['docs/serving.md', '../README.md#start', '/readme#start'],
    ['README.md', 'docs/results/README.md', '/docs/results/'],
    ['README.md', 'packages/core', '/packages/core/'],
    ['docs/results/README.md', '../bench.md', '/docs/bench'],
    ['apps/site/pages/gallery/index.md', 'star.md', '/gallery/star'],
  ])('of %s to %s leads to a page: %s', (page, href, link) => expect(siteLink(page, href)).toBe(link));

  it.each([
    ['docs/browser.md', '../examples/browser', 'tree/main/examples/browser'],
    ['docs/sequences.md', '../examples/sequences/sequences.ts', 'blob/main/examples/sequences/sequences.ts'],
    [
      'README.md',
      'packages/create-polytask/template/gate/README.md',
      'blob/main/packages/create-polytask/template/gate/README.md',
    ],
  ])('of %s to %s leads to the repository: %s', (page, href, link) =>
    expect(siteLink(page, href)).toBe(`https://github.com/polytask/polytask/${link}`),
  );

  it('to a file that is not there is an error', () => {
    expect(() => siteLink('docs/core.md', 'cores.md')).toThrow(
      'docs/core.md links to cores.md, but there is no docs/cores.md',
    );
  });
});

it('the title of a page is its heading, without code marks', () => {
  expect(titleOf('docs/decisions/0030-auto-on-validation-rows.md')).toBe(
    '30. --model auto halves on validation rows and tests once',
  );
});

it('the pages of a folder leave out its README', () => {
  expect(pagesIn('docs/decisions')[0]).toBe('docs/decisions/0001-modules-of-our-own.md');
});
