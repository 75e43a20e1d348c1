import { fail } from '@polytask/core';

/**
 * Fetches a `results.jsonl` of the site that the page belongs to.
 *
 * @param address relative to the page
 * @param page the address of the page
 * @throws PolytaskError for a file of another site, and where there is no file
 */
export async function fetchResults(address: string, page: string): Promise<File> {
  const url = new URL(address, page);
  const mend = 'Download the results.jsonl, and drop it on the page.';
  if (url.origin !== new URL(page).origin)
    fail({ expected: `a file of ${new URL(page).origin}`, received: url.href, mend });
  const response = await fetch(url);
  if (!response.ok) fail({ expected: `a file at ${url.href}`, received: `the status ${response.status}`, mend });
  return new File([await response.blob()], url.pathname.split('/').at(-1)!);
}
