import { defineFinding, type Finding, mapValues, mean, sum } from '@polytask/components';
import { canBoost } from '@polytask/baselines';
import { trainingBudget } from '@polytask/training';
import { fail, type Tasks } from '@polytask/core';
import type { Dataset } from '@polytask/data';
import { formatCount } from '../format.ts';
import { foldNumbers } from '../results/folds.ts';
import { limitedCounts } from './row-counts.ts';
import type { SuiteDefaults, SuiteEntry } from './suite-entry.ts';

/**
 * The defaults of trainings and comparisons on your data set.
 *
 * @param rows the number of training rows
 * @param tasks the number of tasks
 * @example datasetDefaults(12_000, 2).batchSize; // 128
 */
export const datasetDefaults = (rows: number, tasks: number): SuiteDefaults => ({
  seeds: [1, 2, 3],
  ...trainingBudget(rows),
  learningRate: 1e-3,
  headStart: 'base-rate',
  size: { levels: [128, 64], experts: 2 * tasks, tower: [32], embedding: 8 },
});

/**
 * Makes a suite of an opened data set. Each seed sets the random split, the initial weights, and the order of the batches. The suite
 * owns the rows: whoever opens it again gets the same ones, whatever has happened to their files since.
 *
 * @param description says where the data set is from
 * @throws PolytaskError when the rows can't be split
 * @example const suite = suiteOfDataset(await datasetFromFiles(document, { 'people.csv': file }), 'people.csv, as dropped');
 */
export function suiteOfDataset(dataset: Dataset, description: string): SuiteEntry {
  return {
    name: dataset.name,
    description,
    needsDirectory: false,
    dealsFolds: true,
    treesCanLearn: Object.values(dataset.tasks).every(canBoost),
    defaults: datasetDefaults(dataset.sizes(1).train, Object.keys(dataset.tasks).length),
    open: async ({ limitRows = Infinity, folds }) => open(dataset, limitRows, folds),
  };
}

/** Opens the data set. It keeps the parts of the latest seed, so the rows of a seed are encoded once. */
async function open(dataset: Dataset, limit: number, folds?: number): ReturnType<SuiteEntry['open']> {
  const foldOf = (number: number | undefined) => (folds && number ? { number, of: folds } : undefined);
  const first = foldOf(1);
  const wholeRows = meanSizes(foldNumbers(folds).map((number) => dataset.sizes(1, foldOf(number))));
  const empty = Object.entries(wholeRows).find(([, rows]) => rows === 0)?.[0];
  if (empty !== undefined)
    fail({
      expected: `${empty} rows in each trial: a comparison needs training, validation and test rows`,
      received: 'a split without them',
      fix: `Give the data set's split a share of them, such as "${empty}": 0.1.`,
    });
  let tasks: Tasks | undefined;
  return {
    /** As the first seed fits them. A process that trains other seeds alone doesn't encode it. */
    get tasks() {
      return (tasks ??= dataset.parts(1, limit, first).train.schema.tasks);
    },
    context: dataset.context,
    config: {
      set: dataset.name,
      file: dataset.document,
      ...(folds && { folds }),
      rows: limitedCounts(wholeRows, limit),
    },
    content: () => dataset.content(),
    wholeRows,
    notes: () => [...(folds ? sealedNotes(dataset, wholeRows) : []), ...dataset.parts(1, limit, first).warnings()],
    trial(seed, fold) {
      const { groups, raw, trainUnits, ...parts } = dataset.parts(seed, limit, foldOf(fold));
      return { ...parts, test: () => parts.test, raw, trainUnits, testGroups: groups?.test };
    },
  };
}

type Sizes = ReturnType<Dataset['sizes']>;

/** The mean row counts of trials, whose folds may have a row more or less, and by groups several. */
const meanSizes = (sizes: readonly Sizes[]): Sizes =>
  mapValues(sizes[0]!, (_, part) => Math.round(mean(sizes.map((each) => each[part]))));

const rowsInNoFold = /* @__PURE__ */ defineFinding<never, { sealed: number; others: number }>('sealed-rows', {
  severity: 'note',
  says: ({ sealed, others }) =>
    `${formatCount(sealed)} declared test rows stay sealed: the folds are of the other ${formatCount(others)} rows.`,
});

function sealedNotes(dataset: Dataset, ofFold: Sizes): Finding[] {
  const [whole, ofFolds] = [dataset.sizes(1), ofFold].map((sizes) => sum(Object.values(sizes))) as [number, number];
  const sealed = whole - ofFolds;
  return Math.abs(sealed) < 2 ? [] : [rowsInNoFold({}, { sealed, others: whole - sealed })]; // means are rounded
}
