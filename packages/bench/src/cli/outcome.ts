import { comparisonDocument, renderText, type RunOutcome } from '@polytask/study';
import { FILES } from '../report/write-outcome.ts';
import { type Io, textOptions, writeFound } from './io.ts';

/** Writes the outcome of a run: its report, or its summaries as JSON. @param out the directory that has its files, if there is one */
export function writeOutcomeTo(
  { stdout, stderr }: Io,
  outcome: RunOutcome,
  { json, out }: { readonly json?: boolean | undefined; readonly out?: string | undefined } = {},
): void {
  writeFound({ stdout }, json, outcome.summaries, () =>
    renderText(comparisonDocument({ ...outcome, details: false }), textOptions(stdout)),
  );
  if (out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${out}\n`);
}
