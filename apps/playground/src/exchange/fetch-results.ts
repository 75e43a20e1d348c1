import { fail } from '@polytask/core';

/**
 * Fetches a `results.jsonl`, or a `results.jsonl.gz`, of the site that the page belongs to. A browser unpacks a file that its server
 * calls encoded: it gets the name without `.gz`.
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
  const name = url.pathname.split('/').at(-1)!;
  const isUnpacked = response.headers.get('content-encoding') === 'gzip';
  return new File([await response.blob()], isUnpacked ? name.replace(/\.gz$/, '') : name);
}
