import { listOf, wholeNumber } from '@polytask/components';
import {
  datasetDefaults,
  linelessTable,
  models,
  type TrainingChoices,
  trainingOptions as choices,
  wrapped,
} from '@polytask/study';
import { trackerNamed } from '../tracking/trackers.ts';
import { fromText, grouped, option, optionsOf, type Shown, type Values } from './command.ts';
import * as shared from './shared-options.ts';

const shownChoices = {
  epochs: { place: '<n>', words: 'the most epochs' },
  batchSize: { place: '<n>', words: 'rows per step' },
  patience: { place: '<n>', words: 'epochs without a better validation score' },
  learningRate: { place: '<x>', words: "Adam's; find: by a range test before each training" },
  headStart: { place: '<how>', words: "random, or base-rate: heads begin at the tasks' base rates" },
  optimizer: { place: '<name>', words: 'with options: adamw(weightDecay=0.05)' },
  schedule: { place: '<name>', words: 'of the learning rate: constant, or cosine, which falls to 0' },
  trainingRows: { place: '<n>', words: 'train on a random sample of at most n rows: would more rows help?' },
  teacher: { place: '<share>', words: 'the share of gradient boosting, out of fold, in the training labels' },
  teacherModel: {
    place: '<folder>',
    words: 'a trained model that teaches in place of boosting; {seed} is the seed',
  },
  teacherPredictions: {
    place: '<files>',
    words: 'out-of-fold predictions that teach in place of boosting; the mean of several; {seed} is the seed',
  },
  trainable: { place: '<patterns>', words: 'the parameters to train, the others are frozen: towers.*,heads.*' },
  rates: { place: '<factors>', words: 'of the learning rate, by parameters: levels.0.*=0.1,input.*=0.01' },
} satisfies Readonly<Record<keyof TrainingChoices, Shown>>;

export const trainingOptions = grouped('Training:', {
  ...optionsOf<TrainingChoices>(async () => choices)(shownChoices),
  limitRows: shared.limitRows('of each part, at random; a quick look'),
  engine: shared.engine,
});

const count = wholeNumber(1);
const widths = listOf(count, 1);

export const sizeOptions = grouped('Size of the models:', {
  levels: option('<widths>', 'widths of the experts, level by level: 128,64', widths),
  pool: option('<n>', 'experts per level, if a model has a choice', count),
  tower: option('<widths>', "widths of a task's tower: 32", widths),
  embedding: option('<n>', "width of a category's vector", count),
  sharedMembers: option(
    '<n>',
    'members that share weights in one model, as in TabM; 8 to 16 are better and slower (default: 1)',
    count,
  ),
});

/** The values of a command with the {@link sizeOptions} as one. */
export function withSize<V extends Values<typeof sizeOptions>>(values: V) {
  const { levels, pool: experts, tower, embedding, sharedMembers: members, ...others } = values;
  const size = Object.entries({ levels, experts, tower, embedding, members }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...others, size: Object.fromEntries(size) };
}

export const trackOption = (what: string) =>
  option(
    '<trackers>',
    `where to record, 'tensorboard(directory=logs)' for example: ${what} ('polytask list trackers')`,
    listOf(fromText(trackerNamed)),
    [],
  );

const ROWS = [1_000, 10_000, 100_000];

const WIDTH = 80;

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
