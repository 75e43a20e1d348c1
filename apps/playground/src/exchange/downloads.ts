import type { BundleFiles } from '@polytask/core';
import {
  comparisonDocument,
  type Failure,
  renderHtml,
  type Summary,
  type TrialResult,
  type SuiteDeclaration,
} from '@polytask/study';
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

/** The name of a suite's file. */
export const suiteFile = (suite: SuiteDeclaration): string => `${suite.name}.json`;

/** A suite as a file of the command line. */
export const asSuite = (suite: SuiteDeclaration): string => `${JSON.stringify(suite, null, 2)}\n`;

/** The command that runs the file of a suite, or weighs its first task against the others. */
export const asCommand = (suite: SuiteDeclaration, weighed?: readonly string[]): string =>
  weighed
    ? `npx polytask trade-offs ${suiteFile(suite)} --models '${weighed.join(',')}' --seeds ${String(suite.seeds)} --out trade-offs\n`
    : `npx polytask bench ${suiteFile(suite)} --workers 2 --out results\n`;

/** A program that runs a suite, or weighs its first task against the others. @param weighed the models that are weighed */
export const asProgram = (suite: SuiteDeclaration, weighed?: readonly string[]): string => {
  const [run, document] = weighed ? ['tradeOffs', 'tradeOffsDocument'] : ['runSuite', 'comparisonDocument'];
  const seeds = Array.from({ length: Number(suite.seeds) }, (_, i) => i + 1);
  const models = weighed ? `, models: ${JSON.stringify(weighed)}, seeds: ${JSON.stringify(seeds)}` : '';
  return `import { ${document}, defineSuite, renderText, ${run} } from 'polytask';

const suite = defineSuite(${JSON.stringify(suite, null, 2)});

const outcome = await ${run}({ suite${models}, workers: 2, out: '${weighed ? 'trade-offs' : 'results'}' });
console.log(renderText(${document}(outcome)));
`;
};
