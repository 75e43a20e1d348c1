import { models } from '@polytask/study';
import { datasetDefaults, linelessTable, trainingChoices, wrapped } from '@polytask/study/internal';
import { type Command, Option } from 'commander';
import { argument, numberChecked } from './arguments.ts';
import { engineOption, limitRowsOption } from './shared-options.ts';

/** Numbers of training rows whose defaults a help text shows. */
const ROWS = [1_000, 10_000, 100_000];

const WIDTH = 80;

/** The end of a help text: the defaults for a data set of your own. @param data the argument that names it */
export function ownDataDefaults(data: string): string {
  const { seeds, learningRate, size } = datasetDefaults(0, 1);
  const { levels, experts, tower, embedding } = size;
  const budgets = ROWS.map((rows) => ({ rows, ...datasetDefaults(rows, 1) }));
  const lines: [option: string, value: string][] = [
    [
      'models of a comparison',
      models()
        .flatMap(({ name, onlyNamed }) => (onlyNamed ? [] : [name]))
        .join(', '),
    ],
    ['seeds of a comparison', seeds.join(',')],
    ['learning rate', String(learningRate)],
    ['levels, tower, embedding', [levels, tower, embedding].join('; ')],
    ['experts per level, if a model has a choice', `${experts} for each task`],
  ];
  const table = [
    ['training rows', 'batch size', 'epochs', 'patience'],
    ...budgets.map(({ rows, batchSize, epochs, patience }) => [rows, batchSize, epochs, patience].map(String)),
  ];
  return `
Defaults for a data set of your own (${data}):
${lines.map(([option, value]) => wrapped(`  ${option}: ${value}`, WIDTH)).join('\n')}
${linelessTable(table).replace(/^/gm, '  ')}
`;
}

/** Adds the choices of a training: `--epochs`, `--patience` and so on, its rows and its engine. */
export function withTrainingOptions(command: Command): Command {
  for (const { check, flag, description } of Object.values(trainingChoices)) {
    const [name] = flag.split(' ') as [string];
    const option = new Option(flag, description).helpGroup('Training:');
    command.addOption(option.argParser(argument((text: string) => numberChecked(check, text, name))));
  }
  return command
    .addOption(limitRowsOption('of each part, at random; a quick look').helpGroup('Training:'))
    .addOption(engineOption().helpGroup('Training:'));
}
