import { optional, text, wholeNumber } from '@polytask/components';
import { openFolder } from '@polytask/core';
import { renderHtml, togetherDocument, type ReportDocument, tradeOffsDocument } from '@polytask/study';
import { whichTogether } from '../together/which-together.ts';
import { taskWeights, tradeOffs as measureTradeOffs } from '../trade-offs/trade-offs.ts';
import { argument, defineCommand, option } from './command.ts';
import type { Invocation } from './io.ts';
import { withProgress } from './progress.ts';
import * as shared from './shared-options.ts';
import { ownDataDefaults, trainingOptions } from './training-options.ts';

// Commands that compare models on a suite of one setting, print a document, and write it as a page beside the comparison.

/** What both commands have. @param page the name of the page in `--out` @param printed what `--json` prints */
const pageOf = (page: string, printed: string) => ({
  options: {
    suite: argument('the JSON file of a data set, or a suite of one setting', text),
    data: shared.data(),
    seeds: shared.seeds(' (default: 10)'),
    out: shared.out(
      'dir',
      `${page}, and the comparison as polytask bench does; continues from what is there`,
      optional(text),
    ),
    force: shared.force('the trials of this run'),
    workers: shared.workers(
      'a trial of the comparison each at a time; 0: no other process',
      optional(wholeNumber(), 1),
    ),
    json: shared.json(printed),
  },
  json: (found: object) => ({ ...found, outcome: undefined, trials: undefined }),
  async finish(_: object, { out }: { out?: string | undefined }, { stderr }: Invocation, document: ReportDocument) {
    if (out === undefined) return;
    await openFolder(out).write((writer) => writer.replace(page, renderHtml(document)));
    stderr.write(`Written: ${page}, and the comparison, in ${out}\n`);
  },
  notes: ownDataDefaults(),
});

const togetherPage = pageOf('together.html', 'the pairs and groups');

export const together = defineCommand({
  ...togetherPage,
  options: { ...togetherPage.options, ...trainingOptions, ...shared.access },
  run({ json: _, data: directory, ...values }, invocation) {
    shared.refuseCsv(values.suite, invocation, (file) => `polytask which-together ${file}`);
    return withProgress(invocation, (hooks) => whichTogether({ ...shared.withAccess(values), directory, ...hooks }));
  },
  document: togetherDocument,
});

const tradeOffsPage = pageOf('trade-offs.html', 'the points');

export const tradeOffs = defineCommand({
  ...tradeOffsPage,
  options: {
    ...tradeOffsPage.options,
    task: option('<name>', 'the task that is weighed against the others (default: the first one)', text),
    weights: option('<list>', 'its weights, from 0 to 1 (default: 0.1,0.3,0.5,0.7,0.9)', taskWeights),
    models: shared.models(' (default: mmoe)'),
    ...trainingOptions,
    ...shared.access,
  },
  run({ json: _, data: directory, ...values }, invocation) {
    shared.refuseCsv(values.suite, invocation, (file) => `polytask trade-offs ${file}`);
    return withProgress(invocation, (hooks) => measureTradeOffs({ ...shared.withAccess(values), directory, ...hooks }));
  },
  document: tradeOffsDocument,
});
