import { mkdir } from 'node:fs/promises';
import path from 'node:path';
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
import { writeWhole } from '../text-files.ts';

/** The files of a report, beside results.jsonl. */
export const FILES = 'report.html, report.md, summary.json, results.csv, differences.csv and pictures/';

/** Writes the files of a report to a directory. */
export async function writeOutcome(directory: string, input: ReportInput): Promise<void> {
  const pictures = await Promise.all(
    input.summaries.map((summary) =>
      drawPictures(
        summary,
        input.trials.filter((trial) => settingKey(trial) === summary.key),
      ),
    ),
  );
  await mkdir(path.join(directory, 'pictures'), { recursive: true });
  const files: Record<string, string> = {
    'summary.json': `${JSON.stringify(input.summaries, null, 2)}\n`,
    'results.csv': resultsCsv(input.trials),
    'differences.csv': differencesCsv(input.summaries),
    'report.md': renderReport(input, pictures),
    'report.html': renderHtml(input, pictures),
    ...Object.fromEntries(
      pictures.flatMap(allPictures).map(({ name, svg }) => [path.join('pictures', `${name}.svg`), standalone(svg)]),
    ),
  };
  for (const [name, text] of Object.entries(files)) await writeWhole(path.join(directory, name), text);
}
