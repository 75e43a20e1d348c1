import {
  custom,
  type Lackable,
  listOf,
  mapValues,
  type Option,
  readText,
  splitList,
  standardName,
  wholeNumber,
} from '@polytask/components';
import {
  datasetDefaults,
  linelessTable,
  models,
  type TrainingChoices,
  trainingOptions as choices,
  wrapped,
} from '@polytask/study';
import { trackerNamed } from '../tracking/trackers.ts';
import { type CommandOption, fromText, grouped, option, type Shown, type Values } from './command.ts';
import * as shared from './shared-options.ts';

type Flag = Shown & { readonly place: string; readonly parse?: (text: string) => unknown };

const FLAGS: Readonly<Record<keyof TrainingChoices, Flag>> = {
  epochs: { place: '<n>', words: 'the most epochs' },
  batchSize: { place: '<n>', words: 'rows per step' },
  patience: { place: '<n>', words: 'epochs without a better validation score' },
  learningRate: { place: '<x>', words: "Adam's; find: by a range test before each training" },
  headStart: { place: '<how>', words: "random, or base-rate: heads begin at the tasks' base rates" },
  optimizer: {
    place: '<name>',
    words: 'with options: adamw(weightDecay=0.05)',
    parse(text) {
      const { name, options } = readText(text);
      return { kind: 'optimizer', name: standardName('optimizer', name), config: options };
    },
  },
  schedule: { place: '<name>', words: 'of the learning rate: constant, or cosine, which falls to 0' },
  trainingRows: { place: '<n>', words: 'train on a random sample of at most n rows: would more rows help?' },
  teacher: { place: '<share>', words: 'the share of gradient boosting, out of fold, in the training labels' },
  teacherModel: {
    place: '<folder>',
    words: 'a trained model that teaches in place of boosting; {seed} is the seed',
  },
  trainable: {
    place: '<patterns>',
    words: 'the parameters to train, the others are frozen: towers.*,heads.*',
    parse: splitList,
  },
  rates: {
    place: '<factors>',
    words: 'of the learning rate, by parameters: levels.0.*=0.1,input.*=0.01',
    parse(text) {
      const factors = splitList(text).map((entry) => /^(.+)=([^=]+)$/.exec(entry) ?? [entry, entry, '']);
      return Object.fromEntries(factors.map(([, pattern, factor]) => [pattern!.trim(), factorOf(factor!)]));
    },
  },
};

const factorOf = (text: string): number | string =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

const parsed = (check: Option, parse: (text: string) => unknown): Option =>
  custom((text, where) => check.read(parse(text as string), where));

type TrainingFlags = { [K in keyof TrainingChoices]-?: CommandOption<NonNullable<TrainingChoices[K]>> & Lackable };

export const trainingOptions = grouped('Training:', {
  ...(mapValues(FLAGS, ({ place, words, parse }, name) =>
    option(place, words, parse ? parsed(choices[name], parse) : choices[name]),
  ) as unknown as TrainingFlags),
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
