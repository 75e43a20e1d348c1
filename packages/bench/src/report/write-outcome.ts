import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderReport, type ReportInput } from './render-report.ts';

/** Writes summary.json and report.md beside results.jsonl. */
export async function writeOutcome(directory: string, input: ReportInput): Promise<void> {
  await writeFile(path.join(directory, 'summary.json'), `${JSON.stringify(input.summary, null, 2)}\n`);
  await writeFile(path.join(directory, 'report.md'), renderReport(input));
}
