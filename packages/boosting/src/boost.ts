import { fail } from '@polytask/components';
import { BinnedColumns, missingBin } from './bins/binned-columns.ts';
import type { Columns } from './columns.ts';
import { BoostingModel, rawScores } from './model/boosting-model.ts';
import type { BoostingParts } from './model/document.ts';
import { checkLabels } from './objectives/check-labels.ts';
import type { Derivatives, Labeled, Objective } from './objectives/objective.ts';
import {
  furtherStart,
  objectiveInWords,
  objectiveOf,
  savedFrom,
  type SavedObjective,
} from './objectives/objectives.ts';
import { settingsOf, type Settings, type TrainingOptions } from './options.ts';
import { Sampler } from './sampling.ts';
import { TreeGrower } from './trees/grow.ts';
import type { BinnedColumn } from './trees/histogram.ts';
import { addTree, type Tree } from './trees/tree.ts';

export interface BoostingRows {
  /** The features: numbers, texts or codes of categories, by the names of the columns. Or {@link BinnedColumns} of them. */
  readonly columns: Columns | BinnedColumns;
  /**
   * One label for each row: 0 or 1 (`binary`), the index of a class (`multiclass`), a number of 0 or more (`poisson`, `tweedie`), or above 0
   * (`gamma`), any number (other losses).
   */
  readonly labels: ArrayLike<number>;
  /** How often each row counts. Default: once. */
  readonly weights?: ArrayLike<number> | undefined;
}

export interface BoostOptions extends BoostingRows, TrainingOptions {
  /** Rows that no tree is grown on. The training stops when their loss no longer falls, and the model ends with its least. */
  readonly validation?: BoostingRows | undefined;
  /**
   * The model whose training goes on with these rows: its trees stay, and further ones follow, at most `numIterations` rounds. Its bins stay,
   * too, but further categories get bins of their own. Default: a new model.
   */
  readonly initModel?: BoostingModel | undefined;
}

/**
 * Trains a model by gradient boosting on histograms, after LightGBM (Ke et al., NeurIPS 2017). Each round adds a tree that
 * follows the gradient of the loss. The same rows and the same seed give the same model.
 *
 * The call blocks until the model is trained. In a page, call it in a worker.
 *
 * @throws PolytaskError for an unknown option, or for columns, labels or weights that don't fit
 * @example
 * const model = boost({ objective: 'regression', columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 4, 4], minDataInLeaf: 1, learningRate: 1 });
 * model.predict({ x: [1.5, 10] }); // Float64Array [ 0, 4 ]
 */
export function boost(options: BoostOptions): BoostingModel {
  const rounds = boostInRounds(options);
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}

/**
 * Trains as {@link boost} does, and yields the number of rounds after each. The caller can let other work run, show progress or stop.
 *
 * @returns the model
 * @throws PolytaskError as {@link boost} does, at the first step
 * @example
 * const rounds = boostInRounds({ objective: 'regression', columns: { x: [1, 2, 3, 4] }, labels: [0, 0, 4, 4] });
 * rounds.next(); // { done: false, value: 1 }
 */
export function* boostInRounds({
  columns,
  labels,
  weights,
  validation,
  initModel,
  ...options
}: BoostOptions): Generator<number, BoostingModel> {
  const settings = settingsOf(options);
  const saved = savedFrom(settings);
  const objective = objectiveOf(saved, settings.objective);
  const table = tableOf(columns, initModel, settings);
  const { bins } = table;
  checkLabels({ labels, weights }, table.rows, objective, settings.numClass ?? initModel?.width);
  const grower = new TreeGrower(table, columnsOf(table), settings);

  const { start, trees: earlier } = initModel
    ? goingOn(initModel, table, { saved, objective, numClass: settings.numClass }, { labels, weights })
    : { start: objective.start({ labels, weights }, settings.numClass ?? objective.width(labels)), trees: [] };
  const width = start.length;
  const scores = rawScores({ start, trees: earlier }, table);
  const derivatives = (): Derivatives => start.map(() => new Float32Array(table.rows));
  const [gradients, hessians] = [derivatives(), derivatives()];
  const check = validation && new Validation(validation, table, objective, { start, trees: earlier });
  const trees: Tree[] = [];
  const sampler = new Sampler({ rows: table.rows, columns: bins.length }, settings);
  for (let round = 1; round <= settings.numIterations; round++) {
    objective.derive({ labels, weights }, scores, gradients, hessians);
    const { bestStep } = objective;
    const step = bestStep && ((of: Uint32Array) => bestStep({ labels, weights }, scores, of));
    const before = earlier.length / width;
    const grown = scores.map((score, k) => {
      const sample = sampler.sample(before + round - 1, k);
      return grower.grow({ gradients: gradients[k]!, hessians: hessians[k]!, scores: score, bestStep: step, sample });
    });
    if (!sampler.isPart && grown.every(({ column }) => column.length === 0)) break; // so would be every later round
    trees.push(...grown);
    if (check && check.after(grown) >= settings.earlyStoppingRounds) break;
    yield round;
  }
  const kept = check ? trees.slice(0, check.bestRounds * width) : trees;
  return new BoostingModel({
    ...{ saved, bins, start, validationLoss: check?.losses },
    trees: [...earlier, ...kept],
  });
}

function tableOf(columns: BoostingRows['columns'], initModel: BoostingModel | undefined, settings: Settings) {
  if (columns instanceof BinnedColumns) return columns;
  return initModel ? BinnedColumns.growing(initModel, columns, settings) : BinnedColumns.of(columns, settings);
}

/** The parts of a model on the bins of further rows. @throws PolytaskError for another loss or number of classes */
function goingOn(
  initModel: BoostingModel,
  { bins }: BinnedColumns,
  {
    saved,
    objective,
    numClass,
  }: { readonly saved: SavedObjective; readonly objective: Objective; readonly numClass: number | undefined },
  rows: Labeled,
): Pick<BoostingParts, 'start' | 'trees'> {
  const { parts } = initModel;
  const width = parts.start.length;
  const [expected, received] = [parts.saved, saved].map(objectiveInWords);
  if (expected !== received || (numClass ?? width) !== width)
    fail({
      expected: `the objective ${expected} of initModel${width > 1 ? `, and its ${width} classes` : ''}`,
      received: `${received}${numClass === undefined ? '' : ` of ${numClass} classes`}`,
      fix: 'Leave initModel out, or keep its objective.',
    });
  return { start: furtherStart(objective, parts.start, rows), trees: initModel.withBins(bins).parts.trees };
}

function columnsOf({ bins }: BinnedColumns): BinnedColumn[] {
  let first = 0;
  return bins.map((each) => {
    const missing = missingBin(each);
    first += missing + 1;
    return { name: each.name, missing, categorical: 'categories' in each, first: first - missing - 1 };
  });
}

class Validation {
  readonly losses: number[] = [];
  bestRounds = 0;
  readonly #rows: Labeled;
  readonly #objective: Objective;
  readonly #scores: Float64Array[];
  readonly #table: BinnedColumns;
  #least: number;

  constructor(
    { columns, labels, weights }: BoostingRows,
    { bins }: BinnedColumns,
    objective: Objective,
    earlier: Pick<BoostingParts, 'start' | 'trees'>,
  ) {
    const table = BinnedColumns.with(bins, columns);
    checkLabels({ labels, weights }, table.rows, objective, earlier.start.length);
    this.#rows = { labels, weights };
    this.#objective = objective;
    this.#table = table;
    this.#scores = rawScores(earlier, table);
    this.#least = objective.loss(this.#rows, this.#scores);
  }

  /** Adds the trees of a round. @returns how many rounds ago the loss was least */
  after(trees: readonly Tree[]): number {
    trees.forEach((tree, k) => addTree(tree, this.#table, this.#scores[k]!, 0, this.#table.rows));
    const loss = this.#objective.loss(this.#rows, this.#scores);
    this.losses.push(loss);
    if (loss < this.#least) {
      this.#least = loss;
      this.bestRounds = this.losses.length;
    }
    return this.losses.length - this.bestRounds;
  }
}
