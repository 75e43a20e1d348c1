import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { renderReport, type ReportInput } from './render-report.ts';

/** Writes summary.json and report.md beside results.jsonl, each as a whole or not at all. */
export async function writeOutcome(directory: string, input: ReportInput): Promise<void> {
  await writeWhole(path.join(directory, 'summary.json'), `${JSON.stringify(input.summaries, null, 2)}\n`);
  await writeWhole(path.join(directory, 'report.md'), renderReport(input));
}

/** Nobody ever sees half of the file. */
async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.new`;
  await writeFile(beside, text);
  await rename(beside, file);
}
