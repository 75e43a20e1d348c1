import { fail } from '@polytask/core';

/** The address of the sample, beside the page. Readers know gzip by its first bytes, also where a server has undone it. */
const ADDRESS = './census-income.csv.gz';

/** What the license (CC BY 4.0) asks to be said. */
export const CENSUS = {
  text:
    'A random sample of Census-Income (KDD), U.S. Census Bureau, UCI Machine Learning Repository, doi:10.24432/C5N30T, ' +
    'CC BY 4.0; fewer rows and columns.',
  license: 'https://creativecommons.org/licenses/by/4.0/',
  tasks: ['income', 'never_married'],
} as const;

/** Reads the sample as a file of the visitor. @throws PolytaskError without a connection on a first visit */
export async function censusSample(): Promise<File> {
  const response = await fetch(ADDRESS).catch(() => undefined);
  if (response?.ok) return new File([await response.blob()], 'census-income.csv', { type: 'text/csv' });
  return fail({
    expected: 'the census sample beside the page',
    received: response ? `status ${response.status}` : 'no answer',
    fix: 'Reload the page with a connection to the internet.',
  });
}
