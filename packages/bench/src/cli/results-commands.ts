import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { listOf, optional, positive, text, wholeNumber } from '@polytask/components';
import type { RunOutcome } from '@polytask/study';
import type { ScoreResultsOptions } from '../predictions/score-results.ts';
import type { Status } from '../status/status.ts';
import type { VerifiedTrial } from '../verify/verify-results.ts';
import { argument, defineCommand, option, optionsOf, toggle } from './command.ts';
import { interruptible, untilStopped, FIRST_LINE, type Invocation } from './io.ts';
import * as shared from './shared-options.ts';

// The commands that read the results of runs.

/** How the outcome of a run is printed: its report, or its summaries as JSON. */
export const printedOutcome = {
  json: ({ summaries }: RunOutcome) => summaries,
  document: async (outcome: RunOutcome) =>
    (await import('@polytask/study')).comparisonDocument({ ...outcome, details: false }),
  async finish(_: RunOutcome, { out }: { readonly out?: string | undefined }, { stderr }: Invocation) {
    const { FILES } = await import('../trials/run-files.ts');
    if (out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${out}\n`);
  },
};

export const score = defineCommand({
  options: {
    dir: argument('the --out directory of polytask bench --keep-predictions', text),
    ...optionsOf<ScoreResultsOptions>(async () => (await import('../predictions/score-results.ts')).scoreOptions)({
      metrics: {
        place: '<names>',
        words: "with commas between, of 'polytask list metrics' (default: as bench measures)",
      },
      ensemble: {
        ...{ place: '[of]', preset: 'models' },
        words:
          'add rows: for each seed the mean of models, chosen on the validation rows; or for each model the mean of its seeds',
      },
    }),
    baseline: shared.baseline('single-task'),
    out: shared.out('dir', 'results.jsonl and a report; another directory than the one that is read', optional(text)),
    json: shared.json('the summary'),
  },
  run: async ({ dir, json: _, ...options }) =>
    (await import('../predictions/score-results.ts')).scoreResults(dir, options),
  ...printedOutcome,
});

export const merge = defineCommand({
  options: {
    dirs: argument("the parts' --out directories", listOf(text)),
    out: shared.out('dir', 'results.jsonl and a report of the whole study; continues from what is there', text),
  },
  async run({ dirs, out }, { stderr, exit }) {
    const { mergeResults } = await import('../trials/merge-results.ts');
    const { counted } = await import('@polytask/study');
    const { outcome, missing } = await mergeResults(dirs, out);
    if (missing.length > 0) {
      const first = missing.slice(0, 5).map(({ setting, model, seed }) => `${setting} ${model}, seed ${seed}`.trim());
      stderr.write(
        `${counted(missing.length, 'trial')} of the plan missing: ${first.join('; ')}${missing.length > 5 ? '; …' : ''}. ` +
          `Run their shards again, or the same polytask bench with --out ${out}.\n`,
      );
      exit(1);
    }
    return outcome;
  },
  ...printedOutcome,
});

export const leaderboard = defineCommand({
  options: {
    dirs: argument('the --out directories of polytask bench', listOf(text)),
    baseline: shared.baseline('gradient-boosting'),
    configuration: option(
      '<name>',
      'one to compare everywhere: "adatt (members)" (default: the best by validation rows)',
      text,
    ),
    out: shared.out('dir', 'leaderboard.md and leaderboard.html', optional(text)),
    force: shared.force(),
    json: shared.json('the findings'),
  },
  async run({ dirs, out, force, baseline, configuration }) {
    if (out !== undefined) shared.refuseReplacing([path.join(out, 'leaderboard.html')], force);
    const { readResults } = await import('../trials/run-files.ts');
    const results = await Promise.all(dirs.map(async (from) => ({ from, trials: await readResults(from) })));
    return (await import('@polytask/study')).compareDataSets(results, { baseline, configuration });
  },
  json: ({ findings }) => findings,
  document: async (comparison) => (await import('@polytask/study')).dataSetsDocument(comparison),
  async finish(_, { out }, { stderr }, document) {
    if (out === undefined) return;
    const { renderHtml, renderMarkdown } = await import('@polytask/study');
    const { openFolder } = await import('@polytask/core');
    await openFolder(out).write(async (writer) => {
      await writer.replace('leaderboard.md', renderMarkdown(document));
      await writer.replace('leaderboard.html', renderHtml(document));
    });
    stderr.write(`Written: leaderboard.md and leaderboard.html in ${out}\n`);
  },
});

export const verify = defineCommand({
  options: {
    dir: argument('the --out directory of polytask bench', text),
    suite: argument("the suite of the results, by its name or file (default: the results' own name)", optional(text)),
    data: shared.data(),
    limitRows: shared.limitRows('as many as in the run'),
    trials: option('<n>', 'how many to repeat', wholeNumber(1), 3),
    tolerance: option('<x>', 'the largest difference of a metric that still agrees', positive, 1e-3),
    ...shared.access,
  },
  async run({ dir, data: directory, tolerance, ...values }, invocation) {
    const { stdout, stderr, plugins, exit } = invocation;
    const { formatSpan } = await import('@polytask/study');
    const { agrees, verifiedText, verifyResults } = await import('../verify/verify-results.ts');
    const start = performance.now();
    const onTrial = (verified: VerifiedTrial) => void stdout.write(`${verifiedText(verified, tolerance)}\n`);
    const options = { ...shared.withAccess(values), directory, plugins, onTrial };
    const verified = await untilStopped(invocation, (signal) => verifyResults(dir, { ...options, signal }));
    if (!verified) return;
    const agreed = verified.filter((each) => agrees(each, tolerance)).length;
    const seconds = (performance.now() - start) / 1000;
    stdout.write(`${agreed} of ${verified.length} trials agree, ${formatSpan(seconds)}\n`);
    for (const [name, [before, now]] of Object.entries(
      Object.assign({}, ...verified.map(({ versions }) => versions)) as VerifiedTrial['versions'],
    ))
      stderr.write(`${name} is ${now} here, and was ${before}.\n`);
    if (agreed < verified.length) exit(1);
  },
});

/** How often a live view changes, in milliseconds. */
const REFRESH = 2000;

export const status = defineCommand({
  options: {
    dir: argument('the --out directory of a study', optional(text)),
    queue: shared.queue(': its studies, in place of a directory', optional(shared.queueUrl)),
    watch: toggle('a live view, until Ctrl-C'),
    json: shared.json('{ studies, workers, waiting, running, failed }'),
  },
  async run({ dir, queue, watch: isLive, json }, invocation) {
    const { stdout, interrupts, isGiven, misuse } = invocation;
    if (dir === undefined ? queue === undefined : isGiven('queue'))
      misuse(`Expected a directory or --queue URL, received ${dir === undefined ? 'none' : 'both'}.`);
    const { directoryStatus } = await import('../status/status.ts');
    const open = dir === undefined ? await (await import('../queue/roster.ts')).openQueueStatus(queue!) : undefined;
    const read = (): Promise<Status> => open?.read() ?? directoryStatus(dir!);
    const watch = async (signal: AbortSignal) => {
      for (; !signal.aborted; await setTimeout(REFRESH, undefined, { signal }).catch(() => {})) {
        const status = await read();
        const before = stdout.isTTY && !json ? FIRST_LINE : '';
        stdout.write(before + (json ? `${JSON.stringify(status)}\n` : await textOf(status)));
      }
    };
    try {
      if (!isLive) return await read();
      return await interruptible(watch, interrupts).then(() => undefined);
    } finally {
      await open?.close();
    }
  },
  document: textOf,
});

async function textOf(status: Status): Promise<string> {
  return (await import('../status/status.ts')).renderStatus(status);
}
