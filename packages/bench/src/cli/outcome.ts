import { comparisonDocument, renderText, type RunOutcome } from '@polytask/study';
import { FILES } from '../report/write-outcome.ts';
import { type Io, textOptions } from './io.ts';

/** Writes the outcome of a run: its report, or its summaries as JSON. @param out the directory that has its files, if there is one */
export function writeOutcomeTo(
  { stdout, stderr }: Io,
  outcome: RunOutcome,
  { json = false, out }: { readonly json?: boolean | undefined; readonly out?: string | undefined } = {},
): void {
  const { summaries } = outcome;
  stdout.write(
    json ? `${JSON.stringify(summaries, null, 2)}\n` : renderText(comparisonDocument(outcome), textOptions(stdout)),
  );
  if (out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${out}\n`);
}
