import { type Lackable, mapValues, optional } from '@polytask/components';
import { models, type TrainingChoices } from '@polytask/study';
import { datasetDefaults, linelessTable, trainingChoices, wrapped } from '@polytask/study/internal';
import { type CommandOption, grouped, option } from './command.ts';
import { engineOption, limitRowsOption } from './shared-options.ts';

type TrainingFlags = { [K in keyof TrainingChoices]-?: CommandOption<NonNullable<TrainingChoices[K]>> & Lackable };

/** The choices of a training: `--epochs`, `--patience` and so on, its rows and its engine. */
export const trainingOptions = grouped('Training:', {
  ...(mapValues(trainingChoices, ({ check, flag, description }) =>
    option(flag.split(' ')[1]!, description, optional(check)),
  ) as unknown as TrainingFlags),
  limitRows: limitRowsOption('of each part, at random; a quick look'),
  engine: engineOption,
});

/** Numbers of training rows whose defaults a help text shows. */
const ROWS = [1_000, 10_000, 100_000];

const WIDTH = 80;

/** The end of a help text: the defaults for a data set of your own. */
export function ownDataDefaults(): string {
  const { seeds, learningRate, size } = datasetDefaults(0, 1);
  const { levels, experts, tower, embedding } = size;
  const compared = models().flatMap(({ name, onlyNamed }) => (onlyNamed ? [] : [name]));
  const lines = [
    `models of a comparison: ${compared.join(', ')}`,
    `seeds of a comparison: ${seeds.join(',')}`,
    `learning rate: ${learningRate}`,
    `levels, tower, embedding: ${[levels, tower, embedding].join('; ')}`,
    `experts per level, if a model has a choice: ${experts} for each task`,
  ];
  const budgets = ROWS.map((rows) => {
    const { batchSize, epochs, patience } = datasetDefaults(rows, 1);
    return [rows, batchSize, epochs, patience].map(String);
  });
  return `
Defaults for a data set of your own (people.json):
${lines.map((line) => wrapped(`  ${line}`, WIDTH)).join('\n')}
${linelessTable([['training rows', 'batch size', 'epochs', 'patience'], ...budgets]).replace(/^/gm, '  ')}
`;
}
