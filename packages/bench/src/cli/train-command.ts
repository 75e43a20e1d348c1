import { optional, positive, share, text, wholeNumber } from '@polytask/components';
import { beforeAndAfter, linelessTable, searchSentences, trainingAnswer, trainingFindings } from '@polytask/study';
import { MODEL_FILES, type Trained } from '../model-folder.ts';
import { plannedSearch, plannedTraining } from '../train/train.ts';
import { argument, defineCommand, option, toggle, usage } from './command.ts';
import { calibrationOptions } from './model-rows-commands.ts';
import { withProgress } from './progress.ts';
import * as shared from './shared-options.ts';
import { ownDataDefaults, sizeOptions, trackOption, trainingOptions, withSize } from './training-options.ts';

/** The value of `--model` that stands for a search. */
const AUTO_MODEL = 'auto';

/** The options that only one kind of training has. */
const ONLY_AUTO = ['minutes', 'models', 'members', 'search', 'workers'] as const;
const ONLY_NAMED = ['balancer', 'expert', 'gate', 'from'] as const;

const ONLY_FROM = { oldData: '--old-data', refitDecayRate: '--refit-decay-rate', scratch: '--no-scratch' };

export const command = defineCommand({
  options: {
    data: argument(
      'the JSON file of the data set, as `polytask describe` writes it; with --from, a file of rows, too',
      text,
    ),
    out: shared.out('dir', 'the folder of the model; continues an interrupted training', text),
    force: shared.force('an earlier training'),
    model: option(
      '<name>',
      `a model, with options: 'adatt(residual=false)' ('polytask list models'); or ${AUTO_MODEL} to choose one in some minutes`,
      text,
      'adatt',
    ),
    minutes: option('<n>', `the time for search and training, with --model ${AUTO_MODEL} (default: 10)`, positive),
    models: shared.models(
      `: those to choose from, with --model ${AUTO_MODEL}, besides single-task and gradient boosting`,
    ),
    boosting: shared.boosting('; of data that is split by time or groups, once more with a random split'),
    members: option(
      '<n>',
      `the most models in an average, with --model ${AUTO_MODEL}; 1 for a single model (default: 5)`,
      wholeNumber(1),
    ),
    search: option(
      '<name>',
      `how to search hyper-parameters: 'tpe(startup=10)' ('polytask list searches'), with --model ${AUTO_MODEL} (default: halving)`,
      text,
    ),
    workers: shared.workers(
      `of the search, with --model ${AUTO_MODEL} (default: 0, this process)`,
      optional(wholeNumber()),
    ),
    from: option('<model>', 'the folder of a trained model, which is trained further on these rows', text),
    refitDecayRate: option(
      '<x>',
      'with --from, for boosted trees: keep the splits and move the leaves, which keep this share of their values (default: more trees)',
      share,
    ),
    scratch: {
      ...toggle('with --from, without a new model, which is trained on the same rows for comparison'),
      isNegated: true,
    },
    oldData: option(
      '<file>',
      'a data set or a file of rows, on which the model is compared with what it was, with --from',
      text,
    ),
    seed: shared.seed('the split, the initial weights and the order of the rows (default: 1)'),
    balancer: option(
      '<name>',
      "weighs the tasks: 'gradnorm(alpha=0.5)' ('polytask list balancers'; default: the plain sum)",
      text,
    ),
    expert: option(
      '<name>',
      "the experts: 'mlp(activation=gelu)' ('polytask list experts'; default: those of the model)",
      text,
    ),
    gate: option('<name>', "the gate, with options ('polytask list gates'; default: that of the model)", text),
    track: trackOption(`the training; with --model ${AUTO_MODEL}, that of each model that is tested`),
    json: shared.json('the report'),
    ...sizeOptions,
    ...trainingOptions,
    ...calibrationOptions,
    ...shared.access,
  },
  async run({ data, json: _, model: name, track: trackers, ...values }, invocation) {
    const { isGiven, misuse, plugins } = invocation;
    const { from } = values;
    if (from === undefined) shared.refuseCsv(data, invocation, (json) => `polytask train ${json} --out ${values.out}`);
    const isAuto = name === AUTO_MODEL;
    const ofFrom = Object.entries(ONLY_FROM).find(([name]) => isGiven(name));
    if (ofFrom !== undefined && from === undefined)
      misuse(`Expected ${ofFrom[1]} with --from. Leave it out, or name the model to continue from.`);
    const misplaced = (isAuto ? ONLY_NAMED : ONLY_AUTO).find((option) => values[option] !== undefined);
    if (misplaced !== undefined)
      misuse(
        isAuto
          ? `Expected --${misplaced} with the name of a model. Name it in place of --model ${AUTO_MODEL}, or leave --${misplaced} out.`
          : `Expected --model ${AUTO_MODEL} with --${misplaced}. Add it, or leave --${misplaced} out.`,
      );
    const common = { ...withSize(shared.withAccess(values)), plugins, trackers };
    const named = { ...common, model: from === undefined || isGiven('model') ? name : undefined };
    const run = await usage(invocation, () => (isAuto ? plannedSearch(data, common) : plannedTraining(data, named)));
    const trained = await withProgress(invocation, run, () => 'Stopped. Run the same command again to go on.');
    trained?.model.dispose();
    return trained?.report;
  },
  json: (report) => ({ ...report, findings: trainingFindings(report) }),
  document: textOf,
  finish: (_, { out }, { stderr }) => void stderr.write(`Written: ${MODEL_FILES} in ${out}\n`),
  notes: ownDataDefaults(),
});

function textOf(report: Trained['report']): string {
  const { continued, tasks, trials } = report;
  const { columns, rows } = continued ? beforeAndAfter(continued, tasks) : { columns: [], rows: [] };
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(({ text }) => text))];
  return [
    ...trainingAnswer(report),
    ...(continued ? [linelessTable(cells)] : []),
    ...searchSentences(report),
    ...trials[0].warnings.map(({ message }) => message),
  ]
    .map((sentence) => `${sentence}\n`)
    .join('');
}
