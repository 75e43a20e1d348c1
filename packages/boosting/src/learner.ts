import { fail, sum } from '@polytask/components';
import { type BinnedColumns } from './bins/binned-columns.ts';
import type { BoostingSettings } from './boosting-options.ts';
import { BoostingModel, rawScores } from './model/boosting-model.ts';
import type { BoostingParts } from './model/document.ts';
import { checkLabels } from './objectives/check-labels.ts';
import type { Labeled, Objective } from './objectives/objective.ts';
import {
  furtherStart,
  objectiveInWords,
  objectiveOf,
  savedFrom,
  type ObjectiveOptions,
  type SavedObjective,
} from './objectives/objectives.ts';
import type { Output } from './trees/grow.ts';
import { addTree, type Tree } from './trees/tree.ts';

export interface LearnedTask extends ObjectiveOptions {
  /** Of one of several tasks, whose labels may be missing: NaN. */
  readonly name?: string;
  readonly gainWeight: number;
  readonly rows: Labeled;
  /** The labels of the validation rows. */
  readonly held?: Labeled | undefined;
  readonly initModel?: BoostingModel | undefined;
}

type Earlier = Pick<BoostingParts, 'start' | 'trees'>;

/** A task while its trees are grown. */
export class Learner {
  readonly width: number;
  /** How many rounds its `initModel` has. */
  readonly earlierRounds: number;
  readonly #saved: SavedObjective;
  readonly #objective: Objective;
  readonly #rows: Labeled;
  readonly #earlier: Earlier;
  readonly #bins: BinnedColumns['bins'];
  readonly #scores: readonly Float64Array[];
  readonly #gradients: readonly Float32Array[];
  readonly #hessians: readonly Float32Array[];
  readonly #check: Validation | undefined;
  readonly #trees: Tree[] = [];

  constructor(
    private readonly task: LearnedTask,
    { table, held }: { readonly table: BinnedColumns; readonly held: BinnedColumns | undefined },
    private readonly settings: Pick<BoostingSettings, 'earlyStoppingRounds'>,
  ) {
    const { name, initModel, numClass } = task;
    this.#saved = savedFrom(task);
    const objective = (this.#objective = objectiveOf(this.#saved, task.objective));
    checkLabels(task.rows, table.rows, objective, numClass ?? initModel?.width, name);
    const rows = (this.#rows = withoutMissing(task.rows));
    this.#bins = table.bins;
    this.#earlier = initModel
      ? goingOn(initModel, table, { saved: this.#saved, objective, numClass, rows })
      : { start: objective.start(rows, numClass ?? objective.width(rows.labels)), trees: [] };
    this.width = this.#earlier.start.length;
    this.earlierRounds = this.#earlier.trees.length / this.width;
    this.#scores = rawScores(this.#earlier, table);
    this.#gradients = this.#scores.map(() => new Float32Array(table.rows));
    this.#hessians = this.#scores.map(() => new Float32Array(table.rows));
    if (!held || !task.held) return;
    checkLabels(task.held, held.rows, objective, this.width, name);
    this.#check = new Validation(withoutMissing(task.held), held, objective, this.#earlier);
  }

  get objectiveInWords(): string {
    return objectiveInWords(this.#saved);
  }

  /** Whether its loss on the validation rows no longer falls. */
  get hasStopped(): boolean {
    return this.#check !== undefined && this.#check.roundsSinceBest >= this.settings.earlyStoppingRounds;
  }

  derive(): void {
    this.#objective.derive(this.#rows, this.#scores, this.#gradients, this.#hessians);
  }

  /**
   * How much its gains count beside those of other tasks: 1 / φ, where φ = Σ g² / Σ h. Without an effect, φ is what a split gains for an output in
   * expectation. The outputs of C classes are C − 1 numbers.
   */
  get weight(): number {
    const squares = sum(this.#gradients, (each) => sum(each, (gradient) => gradient * gradient));
    const share = this.width > 1 ? (this.width - 1) / this.width : 1;
    return squares > 0 ? (this.task.gainWeight * share * sum(this.#hessians, (each) => sum(each))) / squares : 0;
  }

  outputs(weight: number): Output[] {
    const { bestStep } = this.#objective;
    const step = bestStep && ((of: Uint32Array) => bestStep(this.#rows, this.#scores, of));
    return this.#scores.map((scores, k) => ({
      ...{ gradients: this.#gradients[k]!, hessians: this.#hessians[k]!, scores, weight, bestStep: step },
    }));
  }

  /** Adds the trees of a round, one for each output. */
  add(trees: readonly Tree[]): void {
    this.#trees.push(...trees);
    this.#check?.add(trees);
  }

  model(): BoostingModel {
    const { start, trees } = this.#earlier;
    const kept = this.#check ? this.#trees.slice(0, this.#check.bestRounds * this.width) : this.#trees;
    return new BoostingModel({
      ...{ saved: this.#saved, bins: this.#bins, start, trees: [...trees, ...kept] },
      validationLoss: this.#check?.losses,
    });
  }
}

/** The parts of a model on the bins of further rows. @throws PolytaskError for another loss or number of classes */
function goingOn(
  initModel: BoostingModel,
  { bins }: BinnedColumns,
  {
    saved,
    objective,
    numClass,
    rows,
  }: {
    readonly saved: SavedObjective;
    readonly objective: Objective;
    readonly numClass: number | undefined;
    readonly rows: Labeled;
  },
): Earlier {
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

/** Missing labels become others of the task, without weight. */
function withoutMissing({ labels, weights }: Labeled): Labeled {
  let some = NaN;
  let missing = false;
  for (let row = 0; row < labels.length; row++)
    if (Number.isNaN(labels[row]!)) missing = true;
    else some = labels[row]!;
  if (!missing) return { labels, weights };
  return {
    labels: Float64Array.from(labels, (label) => (Number.isNaN(label) ? some : label)),
    weights: Float64Array.from(labels, (label, row) => (Number.isNaN(label) ? 0 : (weights?.[row] ?? 1))),
  };
}

class Validation {
  readonly losses: number[] = [];
  bestRounds = 0;
  readonly #scores: readonly Float64Array[];
  #least: number;

  constructor(
    private readonly labels: Labeled,
    private readonly table: BinnedColumns,
    private readonly objective: Objective,
    earlier: Earlier,
  ) {
    this.#scores = rawScores(earlier, table);
    this.#least = objective.loss(labels, this.#scores);
  }

  get roundsSinceBest(): number {
    return this.losses.length - this.bestRounds;
  }

  /** Adds the trees of a round. */
  add(trees: readonly Tree[]): void {
    trees.forEach((tree, k) => addTree(tree, this.table, this.#scores[k]!, 0, this.table.rows));
    const loss = this.objective.loss(this.labels, this.#scores);
    this.losses.push(loss);
    if (loss < this.#least) {
      this.#least = loss;
      this.bestRounds = this.losses.length;
    }
  }
}
