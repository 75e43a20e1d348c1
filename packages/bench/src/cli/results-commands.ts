import path from 'node:path';
import { listOf, optional, text } from '@polytask/components';
import type { RunOutcome } from '@polytask/study';
import type { ScoreResultsOptions } from '../predictions/score-results.ts';
import { argument, defineCommand, option, optionsOf } from './command.ts';
import type { Invocation } from './io.ts';
import { baselineOption, forceOption, jsonOption, outOption, refuseReplacing } from './shared-options.ts';

// The commands that read the results of finished runs.

/** How the outcome of a run is printed: its report, or its summaries as JSON. */
export const printedOutcome = {
  json: ({ summaries }: RunOutcome) => summaries,
  document: async (outcome: RunOutcome) =>
    (await import('@polytask/study')).comparisonDocument({ ...outcome, details: false }),
  async finish(_: RunOutcome, { out }: { readonly out?: string | undefined }, { stderr }: Invocation) {
    const { FILES } = await import('../report/write-outcome.ts');
    if (out !== undefined) stderr.write(`Written: results.jsonl, ${FILES} in ${out}\n`);
  },
};

/** `polytask score DIR` measures the trials of a directory again, from their predictions. */
export const score = defineCommand({
  options: {
    dir: argument('the --out directory of polytask bench --keep-predictions', text),
    ...optionsOf<ScoreResultsOptions>(async () => (await import('../predictions/score-results.ts')).scoreOptions)({
      metrics: ['<names>', "with commas between, of 'polytask list metrics' (default: as bench measures)"],
      ensemble: [
        '[of]',
        'add rows: for each seed the mean of models, chosen on the validation rows; or for each model the mean of its seeds',
        { preset: 'models' },
      ],
    }),
    baseline: baselineOption('single-task'),
    out: outOption('dir', 'results.jsonl and a report; another directory than the one that is read', optional(text)),
    json: jsonOption('the summary'),
  },
  run: async ({ dir, json: _, ...options }) =>
    (await import('../predictions/score-results.ts')).scoreResults(dir, options),
  ...printedOutcome,
});

/** `polytask merge DIR… --out DIR` puts the parts of a study together. The exit code is 1 if trials are missing. */
export const merge = defineCommand({
  options: {
    dirs: argument("the parts' --out directories", listOf(text)),
    out: outOption('dir', 'results.jsonl and a report of the whole study; continues from what is there', text),
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

/** `polytask leaderboard DIR…` compares configurations over the data sets of several directories. */
export const leaderboard = defineCommand({
  options: {
    dirs: argument('the --out directories of polytask bench', listOf(text)),
    baseline: baselineOption('gradient-boosting'),
    configuration: option(
      '<name>',
      'one to compare everywhere: "adatt (members)" (default: the best by validation rows)',
      optional(text),
    ),
    out: outOption('dir', 'leaderboard.md and leaderboard.html', optional(text)),
    force: forceOption(),
  },
  async run({ dirs, out, force }) {
    if (out !== undefined) refuseReplacing([path.join(out, 'leaderboard.html')], force);
    const { readResults } = await import('../trials/results-file.ts');
    return Promise.all(dirs.map(async (from) => ({ from, trials: await readResults(from) })));
  },
  document: async (results, { baseline, configuration }) =>
    (await import('@polytask/study')).dataSetsDocument(results, { baseline, configuration }),
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
