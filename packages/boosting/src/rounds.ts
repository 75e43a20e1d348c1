import { fail } from '@polytask/components';
import { BinnedColumns, missingBin } from './bins/binned-columns.ts';
import type { Columns } from './columns.ts';
import { Learner, type LearnedTask } from './learner.ts';
import type { BoostingModel } from './model/boosting-model.ts';
import type { SharedSettings } from './options.ts';
import { Sampler } from './sampling.ts';
import { TreeGrower } from './trees/grow.ts';
import type { BinnedColumn } from './trees/histogram.ts';

/** `pathSmooth` of several tasks. */
const PATH_SMOOTH = 10;

/** The columns with the bins that the trees name. @param initModel the model whose training goes on */
export function tableFor(
  columns: Columns | BinnedColumns,
  initModel: BoostingModel | undefined,
  settings: { readonly maxBin: number },
): BinnedColumns {
  if (columns instanceof BinnedColumns) return columns;
  return initModel ? BinnedColumns.growing(initModel, columns, settings) : BinnedColumns.of(columns, settings);
}

/**
 * Trains a model for each task, and yields the number of rounds after each.
 *
 * @param trees what a round grows: one tree for all outputs of all tasks, or one for each output
 */
export function* learn(
  tasks: readonly LearnedTask[],
  tables: { readonly table: BinnedColumns; readonly held: BinnedColumns | undefined },
  settings: SharedSettings,
  trees: 'one tree' | 'tree per output',
): Generator<number, BoostingModel[]> {
  const { table } = tables;
  const learners = tasks.map((task) => new Learner(task, tables, settings));
  const several = learners.length > 1;
  const isConstrained = Object.values(settings.monotoneConstraints ?? {}).some((each) => each !== 0);
  if (isConstrained && (several || learners[0]!.width > 1))
    fail({
      expected: 'an objective with one score for monotoneConstraints',
      received: several ? `${learners.length} tasks` : learners[0]!.objectiveInWords,
      fix: 'Leave the constraint out.',
    });
  const pathSmooth = settings.pathSmooth ?? (several ? PATH_SMOOTH : 0);
  const grower = new TreeGrower(table, columnsOf(table), settings, pathSmooth);
  const sampler = new Sampler({ rows: table.rows, columns: table.bins.length }, settings);
  const before = Math.max(...learners.map(({ earlierRounds }) => earlierRounds));
  let learning = learners;
  for (let round = 1; round <= settings.numIterations; round++) {
    for (const learner of learning) learner.derive();
    const outputs = learning.flatMap((learner) => learner.outputs(several ? learner.weight : 1));
    const groups = trees === 'one tree' ? [outputs] : outputs.map((output) => [output]);
    const grown = groups.flatMap((group, tree) => grower.grow(group, sampler.sample(before + round - 1, tree)));
    if (!sampler.isPart && grown.every(({ column }) => column.length === 0)) break; // so would be every later round
    let first = 0;
    for (const learner of learning) learner.add(grown.slice(first, (first += learner.width)));
    learning = learning.filter(({ hasStopped }) => !hasStopped);
    if (learning.length === 0) break;
    yield round;
  }
  return learners.map((learner) => learner.model());
}

function columnsOf({ bins }: BinnedColumns): BinnedColumn[] {
  let first = 0;
  return bins.map((each) => {
    const missing = missingBin(each);
    first += missing + 1;
    return { name: each.name, missing, categorical: 'categories' in each, first: first - missing - 1 };
  });
}

export function lastOf<Result>(rounds: Generator<number, Result>): Result {
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}
