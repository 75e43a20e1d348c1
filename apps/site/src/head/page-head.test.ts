import { describe, expect, it } from 'vitest';
import { pathOf, siteAddress } from './address.ts';
import { drawPreview } from './draw-preview.ts';
import { lessonPage, PLAYGROUND, withPreview } from './lesson-pages.ts';
import { hasPicture, headHtml, pageHead, pictureOf } from './page-head.ts';

describe('the address of the site', () => {
  it('ends with one slash', () => {
    expect(siteAddress('https://example.org/docs').href).toBe('https://example.org/docs/');
    expect(siteAddress('https://example.org/docs//').href).toBe('https://example.org/docs/');
    expect(siteAddress().pathname).toBe('/');
  });

  it.each(['/docs/', 'ftp://example.org', ''])('is an error if it is %j', (text) => {
    expect(() => siteAddress(text)).toThrow(`SITE_ADDRESS: expected an address such as https://`);
  });

  it.each([
    ['index.md', ''],
    ['docs/index.md', 'docs/'],
    ['docs/data.md', 'docs/data.html'],
  ])('%s is at %j', (page, path) => expect(pathOf(page)).toBe(path));
});

it('pages have pictures; those of the API share that of their package', () => {
  expect(pictureOf('docs/data.md')).toBe('previews/docs/data.png');
  expect(pictureOf('api/core/model/model.md')).toBe('previews/api/core/index.png');
  expect(['api/core/index.md', 'api/core/model/model.md', 'index.md'].map(hasPicture)).toEqual([true, false, true]);
});

it('the tags have absolute addresses and escaped texts', () => {
  const html = headHtml(pageHead({ page: 'docs/data.md', title: 'a "b" & <c>', description: 'd' }));
  expect(html).toContain('<meta property="og:image" content="http://localhost:4173/previews/docs/data.png">');
  expect(html).toContain('<link rel="canonical" href="http://localhost:4173/docs/data.html">');
  expect(html).toContain('content="a &#34;b&#34; &#38; &#60;c&#62;"');
});

it('a lesson has tags, and leads to the playground', () => {
  const page = lessonPage({ name: 'seesaw', title: 'The seesaw', summary: 'One task wins.' });
  expect(page).toContain('content="0; url=../index.html#lesson=seesaw"');
  expect(page).toContain('og:image" content="http://localhost:4173/previews/playground/lessons/seesaw.png"');
});

it('the page of the playground gets its tags after the title', () => {
  expect(withPreview('<title>x</title><body>', PLAYGROUND[0]!)).toMatch(
    /<title>x<\/title>\n<link [^]*og:image[^]*<body>$/,
  );
  expect(() => withPreview('<body>', PLAYGROUND[0]!)).toThrow('has no title');
});

it('a preview breaks lines between words, and cuts what is too long', () => {
  const linesOf = (title: string) =>
    [...drawPreview('docs/x.md', title, 'd').matchAll(/font-size="68"[^>]*>(.*?)</g)].map(([, line]) => line);
  expect(linesOf('Losses & gates of a model with many tasks')).toEqual([
    'Losses &#38; gates of a model',
    'with many tasks',
  ]);
  const long = linesOf('word '.repeat(40).trim());
  expect(long).toHaveLength(3);
  expect(long[2]).toMatch(/ …$/);
  expect(Math.max(...long.map((line) => line!.length))).toBeLessThanOrEqual(27);
});
