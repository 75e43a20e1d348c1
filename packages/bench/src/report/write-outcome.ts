import path from 'node:path';
import { type FolderWriter, openFolder } from '@polytask/core';
import {
  differencesCsv,
  renderHtml,
  renderReport,
  resultsCsv,
  settingKey,
  svgFile,
  tablePictures,
  type TablePictures,
  type Picture,
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
  const pictures = input.summaries.map((summary) =>
    tablePictures(
      summary,
      input.trials.filter((trial) => settingKey(trial) === summary.key),
    ),
  );
  await writer.replace('summary.json', `${JSON.stringify(input.summaries, null, 2)}\n`);
  await writer.replace('results.csv', resultsCsv(input.trials));
  await writer.replace('differences.csv', differencesCsv(input.summaries));
  await writer.replace('report.md', renderReport(input, pictures));
  await writer.replace('report.html', renderHtml(input));
  await openFolder(path.join(directory, 'pictures')).write(async (each) => {
    for (const picture of pictures.flatMap(allPictures)) await each.replace(`${picture.name}.svg`, svgFile(picture));
  });
}

/** All pictures of a table in one list. */
const allPictures = ({ fusion, ...lists }: TablePictures): Picture[] => [
  ...Object.values(lists).flat(),
  ...fusion.flatMap(({ levels }) => levels),
];
