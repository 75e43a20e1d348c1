import { beforeAndAfter, linelessTable, searchSentences, trainingAnswer, trainingIn } from '@polytask/study/internal';
import { Command } from 'commander';
import { MODEL_FILES, type Trained } from '../model-folder.ts';
import { autoTrainOn, train, trainOn } from '../train/train.ts';
import { autoSuite, type AutoTrainOptions, trainSuite, type TrainOptions } from '../train/train-options.ts';
import {
  accessIn,
  type AccessValues,
  withAccessOptions,
  forceOption,
  jsonOption,
  modelsOption,
  outOption,
  seedOption,
  workersOption,
} from './shared-options.ts';
import { withCalibrationOptions } from './calibrate-command.ts';
import { untilStopped } from './interruption.ts';
import { type Invocation, writeFound } from './io.ts';
import { ownDataDefaults, withTrainingOptions } from './training-options.ts';
import { progress } from './progress.ts';
import { refuseCsv, usage, argument, count, positive, widths } from './arguments.ts';

/** The value of `--model` that stands for a search. */
const AUTO_MODEL = 'auto';

interface TrainCommandOptions extends AccessValues, Omit<AutoTrainOptions, 'size' | 'plugins' | 'access'> {
  out: string;
  model: string;
  from?: string;
  oldData?: string;
  balancer?: string;
  expert?: string;
  gate?: string;
  levels?: readonly number[];
  pool?: number;
  tower?: readonly number[];
  embedding?: number;
  sharedMembers?: number;
  json?: boolean;
}

/** The options that only one kind of training has. */
const ONLY_AUTO = ['minutes', 'models', 'members', 'workers'] as const;
const ONLY_NAMED = ['balancer', 'expert', 'gate', 'from'] as const;

/** `polytask train people.json --out people-model` trains one model, or chooses one with `--model auto`. */
export const command = (invocation: Invocation): Command =>
  withAccessOptions(withCalibrationOptions(withTrainingOptions(new Command('train'))))
    .argument(
      '<data>',
      'the JSON file of the data set, as `polytask describe` writes it; with --from, a file of rows, too',
    )
    .addOption(outOption('dir', 'the folder of the model; continues an interrupted training').makeOptionMandatory())
    .addOption(forceOption('an earlier training'))
    .option(
      '--model <name>',
      `a model, with options: 'adatt(residual=false)' ('polytask list models'); or ${AUTO_MODEL} to choose one in some minutes`,
      'adatt',
    )
    .option(
      '--minutes <n>',
      `the time for search and training, with --model ${AUTO_MODEL} (default: 10)`,
      argument(positive('--minutes')),
    )
    .addOption(modelsOption(`: those to choose from, with --model ${AUTO_MODEL}; single-task is always there`))
    .option(
      '--members <n>',
      `the most models in an average, with --model ${AUTO_MODEL}; 1 for a single model (default: 5)`,
      argument(count('--members')),
    )
    .addOption(workersOption(`of the search, with --model ${AUTO_MODEL} (default: 0, this process)`))
    .option('--from <model>', 'the folder of a trained model, which is trained further on these rows')
    .option(
      '--old-data <file>',
      'a data set or a file of rows, on which the model is compared with what it was, with --from',
    )
    .addOption(seedOption('the split, the initial weights and the order of the rows (default: 1)'))
    .option(
      '--balancer <name>',
      "weighs the tasks: 'gradnorm(alpha=0.5)' ('polytask list balancers'; default: the plain sum)",
    )
    .option(
      '--expert <name>',
      "the experts: 'mlp(activation=gelu)' ('polytask list experts'; default: those of the model)",
    )
    .option('--gate <name>', "the gate, with options ('polytask list gates'; default: that of the model)")
    .option('--levels <widths>', 'widths of the experts, level by level: 128,64', argument(widths('--levels')))
    .option('--pool <n>', 'experts per level, if a model has a choice', argument(count('--pool')))
    .option('--tower <widths>', "widths of a task's tower: 32", argument(widths('--tower')))
    .option('--embedding <n>', "width of a category's vector", argument(count('--embedding')))
    .option(
      '--shared-members <n>',
      'members that share weights in one model, as in TabM; 8 to 16 are better and slower (default: 1)',
      argument(count('--shared-members')),
    )
    .addOption(jsonOption('the report'))
    .addHelpText('after', () => ownDataDefaults('people.json'))
    .action(async (data: string, options: TrainCommandOptions, command: Command) => {
      if (options.from === undefined) refuseCsv(data, command, (json) => `polytask train ${json} --out ${options.out}`);
      const { stderr, plugins } = invocation;
      const run = await runOf(data, options, plugins, command);
      const listener = progress(stderr);
      const trained = await untilStopped(
        invocation,
        (signal) => run({ listener, signal }).finally(() => listener.end()),
        () => void stderr.write('Stopped. Run the same command again to go on.\n'),
      );
      if (!trained) return;
      const { model, report } = trained;
      model.dispose();
      writeFound(invocation, options.json, report, () => textOf(trained));
      stderr.write(`Written: ${MODEL_FILES} in ${options.out}\n`);
    });

type Hooks = Pick<TrainOptions, 'listener' | 'signal'>;

/** The training of the options. @throws a usage error for an invalid option, before anything is trained */
async function runOf(
  data: string,
  options: TrainCommandOptions,
  plugins: readonly string[],
  command: Command,
): Promise<(hooks: Hooks) => Promise<Trained>> {
  const isAuto = options.model === AUTO_MODEL;
  if (options.oldData !== undefined && options.from === undefined)
    command.error('error: Expected --old-data with --from. Leave it out, or name the model to go on from.');
  for (const name of isAuto ? ONLY_NAMED : ONLY_AUTO) {
    if (options[name] === undefined) continue;
    command.error(
      `error: Expected --${name} ${isAuto ? 'without' : 'with'} --model ${AUTO_MODEL}. Leave one of them out.`,
    );
  }
  const { out, engine, force, seed, limitRows, levels, pool, tower, embedding, sharedMembers } = options;
  const size = {
    ...(levels && { levels }),
    ...(pool && { experts: pool }),
    ...(tower && { tower }),
    ...(embedding && { embedding }),
    ...(sharedMembers && { members: sharedMembers }),
  };
  const { access } = accessIn(options);
  const { calibration, intervals, threshold } = options;
  const decided = { calibration, intervals, threshold };
  const choices = {
    ...decided,
    out,
    engine,
    force,
    seed,
    limitRows,
    size,
    plugins,
    access,
    ...trainingIn(options),
  };
  if (isAuto) {
    const { minutes, models, members, workers } = options;
    const auto: AutoTrainOptions = { ...choices, minutes, models, members, workers };
    const suite = await usage(command, () => autoSuite(data, auto));
    return (hooks) => autoTrainOn(suite, { ...auto, ...hooks });
  }
  const { balancer, expert, gate, from, oldData } = options;
  const isGiven = command.getOptionValueSource('model') !== 'default';
  const model = from === undefined || isGiven ? options.model : undefined;
  const named: TrainOptions = { ...choices, model, balancer, expert, gate, from, oldData };
  if (from !== undefined) return (hooks) => train(data, { ...named, ...hooks });
  const suite = await usage(command, () => trainSuite(data, named));
  return (hooks) => trainOn(suite, { ...named, ...hooks });
}

const cellsOf = ({ columns, rows }: ReturnType<typeof beforeAndAfter>): string[][] => [
  columns.map(({ title }) => title),
  ...rows.map((row) => row.map(({ text }) => text)),
];

const textOf = ({ report }: Trained): string => {
  const [kept] = report.trials;
  const table = report.continued && linelessTable(cellsOf(beforeAndAfter(report.continued, report.tasks)));
  return [
    ...trainingAnswer(report),
    ...(table === undefined ? [] : [table]),
    ...(report.search ? searchSentences(report.search) : []),
    ...kept.warnings.map(({ message }) => message),
  ]
    .map((sentence) => `${sentence}\n`)
    .join('');
};
