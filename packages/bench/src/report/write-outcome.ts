import path from 'node:path';
import { type FolderWriter, openFolder } from '@polytask/core';
import {
  comparisonDocument,
  differencesCsv,
  picturesOf,
  renderHtml,
  renderMarkdown,
  type ReportInput,
  resultsCsv,
  svgFile,
} from '@polytask/study';

/** The files of a report, beside results.jsonl. */
export const FILES = 'report.html, report.md, summary.json, results.csv, differences.csv and pictures/';

/**
 * Writes the files of a report to a directory.
 *
 * @param writer of the directory, so that the files of two runs don't mix
 */
export async function writeOutcome(directory: string, writer: FolderWriter, input: ReportInput): Promise<void> {
  const document = comparisonDocument(input);
  await writer.replace('summary.json', `${JSON.stringify(input.summaries, null, 2)}\n`);
  await writer.replace('results.csv', resultsCsv(input.trials));
  await writer.replace('differences.csv', differencesCsv(input.summaries));
  await writer.replace('report.md', renderMarkdown(document, { pictures: 'pictures' }));
  await writer.replace('report.html', renderHtml(document));
  await openFolder(path.join(directory, 'pictures')).write(async (each) => {
    for (const picture of picturesOf(document.blocks)) await each.replace(`${picture.name}.svg`, svgFile(picture));
  });
}
