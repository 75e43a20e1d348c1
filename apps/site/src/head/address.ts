/** The address of a build that nobody publishes: that of `npm run preview`. */
const PREVIEW = 'http://localhost:4173/';

/**
 * The address of the site, with a slash at its end. Link previews and the sitemap need it in full.
 *
 * @param text such as `https://polytask.github.io/polytask`. Default: the address of `npm run preview`
 * @throws Error when it isn't an address
 */
export function siteAddress(text = PREVIEW): URL {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new Error(
      `SITE_ADDRESS: expected an address such as https://example.org/docs/, received ${JSON.stringify(text)}.`,
    );
  return new URL(text.replace(/\/*$/, '/'));
}

/** The address of this build. The variable `SITE_ADDRESS` sets it. */
export const ADDRESS = siteAddress(process.env['SITE_ADDRESS']);

/** The address of a page without the base of the site: `docs/data.html`. @param page its path in the site: `docs/data.md` */
export const pathOf = (page: string): string => page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '.html');
