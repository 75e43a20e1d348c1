import type { BundleFiles } from '@polytask/core';
import { comparisonDocument, type Failure, renderHtml, type Summary, type TrialResult } from '@polytask/study';
import { zipSync } from 'fflate';

/** Offers a file for download. */
export function download(name: string, content: BlobPart, type = 'application/octet-stream'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser reads it after the click
}

/** The report of the command line, as one HTML file. */
export const reportOf = (summary: Summary, trials: readonly TrialResult[], failures: readonly Failure[]): string =>
  renderHtml(comparisonDocument({ summaries: [summary], trials, failures }));

/** A saved model as one file: `load` reads the folder that it unpacks to. */
export const zipOf = (files: BundleFiles): Uint8Array<ArrayBuffer> => new Uint8Array(zipSync({ ...files }));
