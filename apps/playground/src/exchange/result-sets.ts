import { fail } from '@polytask/core';
import { readTrials, settingKey, type TrialResult } from '@polytask/study';

/** The trials of a file that have one setting. */
export interface ResultSet {
  /** The suite, with its setting where it has several. */
  readonly title: string;
  readonly trials: readonly TrialResult[];
}

/**
 * Reads a `results.jsonl` of the command line, or a `results.jsonl.gz`, and sorts its trials by setting.
 *
 * @throws PolytaskError as `readTrials`, and for a file without a trial
 */
export async function resultSets(file: File): Promise<ResultSet[]> {
  const trials = await readTrials(new Uint8Array(await file.arrayBuffer()), file.name);
  if (trials.length === 0)
    fail({
      expected: `finished trials in ${file.name}`,
      received: 'none',
      fix: 'Drop the results.jsonl of a run with --out.',
    });
  const sets = new Map<string, TrialResult[]>();
  for (const trial of trials) sets.set(settingKey(trial), [...(sets.get(settingKey(trial)) ?? []), trial]);
  return [...sets.values()].map((own) => {
    const { suite, setting, engine } = own[0]!;
    return { title: [suite, setting, engine].filter(Boolean).join(', '), trials: own };
  });
}

/** Trials as a `results.jsonl`. */
export const asResults = (trials: readonly TrialResult[]): string =>
  trials.map((trial) => `${JSON.stringify(trial)}\n`).join('');

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
  const fix = 'Download the results.jsonl, and drop it on the page.';
  if (url.origin !== new URL(page).origin)
    fail({ expected: `a file of ${new URL(page).origin}`, received: url.href, fix });
  const response = await fetch(url);
  if (!response.ok) fail({ expected: `a file at ${url.href}`, received: `the status ${response.status}`, fix });
  const name = url.pathname.split('/').at(-1)!;
  const isUnpacked = response.headers.get('content-encoding') === 'gzip';
  return new File([await response.blob()], isUnpacked ? name.replace(/\.gz$/, '') : name);
}
