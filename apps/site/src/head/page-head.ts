import type { HeadConfig } from 'vitepress';
import { ADDRESS, pathOf } from './address.ts';

/** The size of the picture of a link, in px, as the readers of `og:image` advise. */
export const PREVIEW_SIZE = { width: 1200, height: 630 } as const;

/** What search engines and link previews know of a page. */
export interface PageFacts {
  /** The path in the site: `docs/data.md`. */
  readonly page: string;
  readonly title: string;
  readonly description: string;
}

/** The pages of the API reference share the picture of their package: `api/core/model/model.md` has that of `api/core`. */
const PACKAGE = /^(api\/[^/]+)\/.+$/;

/** The path of a page's picture in the site: `previews/docs/data.png`. */
export const pictureOf = (page: string): string =>
  `previews/${page.replace(PACKAGE, '$1/index.md').replace(/\.md$/, '')}.png`;

/** Whether the picture of a page is its own. */
export const hasPicture = (page: string): boolean => pictureOf(page) === `previews/${page.replace(/\.md$/, '')}.png`;

/** The tags in the head of a page. Addresses are absolute, as the readers of link previews demand. */
export function pageHead({ page, title, description }: PageFacts): HeadConfig[] {
  const address = new URL(pathOf(page), ADDRESS).href;
  const property = (name: string, content: string): HeadConfig => ['meta', { property: `og:${name}`, content }];
  return [
    ['link', { rel: 'canonical', href: address }],
    property('type', 'article'),
    property('site_name', 'Polytask'),
    property('title', title),
    property('description', description),
    property('url', address),
    property('image', new URL(pictureOf(page), ADDRESS).href),
    property('image:width', String(PREVIEW_SIZE.width)),
    property('image:height', String(PREVIEW_SIZE.height)),
    property('image:alt', title),
    ['meta', { name: 'twitter:card', content: 'summary_large_image' }],
  ];
}

/** The tags as HTML, for pages that VitePress doesn't write. */
export const headHtml = (head: readonly HeadConfig[]): string =>
  head
    .map(([tag, attributes]) => {
      const pairs = Object.entries(attributes).map(([name, value]) => `${name}="${escapeHtml(value ?? '')}"`);
      return `<${tag} ${pairs.join(' ')}>\n`;
    })
    .join('');

/** A text as part of HTML or SVG. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
