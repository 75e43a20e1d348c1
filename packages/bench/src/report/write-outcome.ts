import path from 'node:path';
import { type FolderWriter, openFolder } from '@polytask/core';
import {
  allPictures,
  differencesCsv,
  drawPictures,
  renderHtml,
  renderReport,
  resultsCsv,
  settingKey,
  standalone,
  type ReportInput,
} from '@polytask/study';

/** The files of a report, beside results.jsonl. */
export const FILES = 'report.html, report.md, summary.json, results.csv, differences.csv and pictures/';

/**
 * Writes the files of a report to a directory.
 *
 * @param writer of the directory, so that the files of two runs don't mix
 */
export async function writeOutcome(directory: string, writer: FolderWriter, input: ReportInput): Promise<void> {
  const pictures = await Promise.all(
    input.summaries.map((summary) =>
      drawPictures(
        summary,
        input.trials.filter((trial) => settingKey(trial) === summary.key),
      ),
    ),
  );
  await writer.replace('summary.json', `${JSON.stringify(input.summaries, null, 2)}\n`);
  await writer.replace('results.csv', resultsCsv(input.trials));
  await writer.replace('differences.csv', differencesCsv(input.summaries));
  await writer.replace('report.md', renderReport(input, pictures));
  await writer.replace('report.html', renderHtml(input, pictures));
  await openFolder(path.join(directory, 'pictures')).write(async (each) => {
    for (const { name, svg } of pictures.flatMap(allPictures)) await each.replace(`${name}.svg`, standalone(svg));
  });
}
