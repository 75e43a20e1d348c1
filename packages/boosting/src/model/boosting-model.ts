import { fail, suggestion } from '@polytask/components';
import { BinnedColumns, type Bins } from '../bins/binned-columns.ts';
import { withGrownBins } from './grown-bins.ts';
import type { Columns } from '../columns.ts';
import { link } from '../objectives/links.ts';
import type { SavedObjective } from '../objectives/objectives.ts';
import { addTree } from '../trees/tree.ts';
import { documentOf, partsOf, type BoostingDocument, type BoostingParts } from './document.ts';

/** How {@link BoostingModel.predict} answers. */
export interface PredictOptions {
  /** Gives scores before the link: log-odds, logarithms of means. Default false. */
  readonly rawScore?: boolean;
}

/** How many rows are predicted at a time: their bins stay in the processor's cache. */
const BLOCK = 512;

/** A trained model: trees whose values add up. {@link boost} trains one, and {@link BoostingModel.fromJSON} reads one. */
export class BoostingModel {
  /** @internal */
  constructor(
    /** @internal */
    readonly parts: BoostingParts,
  ) {}

  /**
   * Reads a model from plain JSON, as `JSON.parse(JSON.stringify(model))` gives it.
   *
   * @throws PolytaskError when the JSON is no model, or was damaged
   * @example const model = BoostingModel.fromJSON(JSON.parse(text));
   */
  static fromJSON(document: unknown): BoostingModel {
    return new BoostingModel(partsOf(document));
  }

  /** The model as plain JSON. `JSON.stringify(model)` calls it. */
  toJSON(): BoostingDocument {
    return documentOf(this.parts);
  }

  /** The name of its objective; `custom` for a loss that the caller passed. */
  get objective(): SavedObjective['objective'] {
    return this.parts.saved.objective;
  }

  /** The bins of the columns, in the order of the columns. */
  get bins(): readonly Bins[] {
    return this.parts.bins;
  }

  /** The same model with the bins of {@link BinnedColumns.growing}. @throws PolytaskError for bins that don't continue its own */
  withBins(bins: readonly Bins[]): BoostingModel {
    return new BoostingModel({ ...this.parts, bins, trees: withGrownBins(this.parts.trees, this.parts.bins, bins) });
  }

  get columns(): readonly string[] {
    return this.parts.bins.map(({ name }) => name);
  }

  /** The number of values that a row's prediction has: the number of classes, or 1. */
  get width(): number {
    return this.parts.start.length;
  }

  get numTrees(): number {
    return this.parts.trees.length;
  }

  /** The mean loss on the validation rows after each round of the training, if it had such rows. */
  get validationLoss(): readonly number[] | undefined {
    return this.parts.validationLoss;
  }

  /**
   * Predicts rows. `binary` gives the probability of 1, `multiclass` the probability of each class, `mae` the median, `quantile` the quantile, and a
   * loss of the caller its scores. The others give the mean.
   *
   * A category that training didn't have counts as missing. Columns that the model doesn't know are ignored.
   *
   * @param columns the columns of the training rows, in any order, with values of the same types. Or columns with the same bins
   * @returns [rows], and [rows × classes] of a multiclass model
   * @throws PolytaskError when a column is missing, or its values have another type
   * @example model.predict({ age: [41, null], state: ['Utah', 'Ohio'] }) // Float64Array [ 0.82, 0.13 ]
   */
  predict(columns: Columns | BinnedColumns, { rawScore = false }: PredictOptions = {}): Float64Array {
    const scores = rawScores(this.parts, this.#binned(columns));
    if (!rawScore) link(scores, this.objective);
    return rowByRow(scores);
  }

  /**
   * How much the splits of each column lowered the loss, in all. The sum of all columns' importance depends on the labels;
   * compare columns of one model.
   *
   * @example model.featureImportance() // { age: 1520.3, state: 201.7 }
   */
  featureImportance(): Record<string, number> {
    const gains = this.parts.bins.map(() => 0);
    for (const { column, gain } of this.parts.trees) column.forEach((c, node) => (gains[c]! += gain[node]!));
    return Object.fromEntries(this.parts.bins.map(({ name }, c) => [name, gains[c]!]));
  }

  #binned(columns: Columns | BinnedColumns): BinnedColumns {
    const missing =
      columns instanceof BinnedColumns ? undefined : this.columns.find((name) => !Object.hasOwn(columns, name));
    if (missing !== undefined)
      fail({
        expected: `a column "${missing}"`,
        received: Object.keys(columns).join(', ') || 'no columns',
        fix: suggestion(missing, Object.keys(columns)),
      });
    return BinnedColumns.with(this.parts.bins, columns);
  }
}

/** The scores of rows before the link: [scores][rows]. */
export function rawScores({ start, trees }: Pick<BoostingParts, 'start' | 'trees'>, binned: BinnedColumns) {
  const { rows } = binned;
  const scores = start.map((score) => new Float64Array(rows).fill(score));
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(first + BLOCK, rows);
    trees.forEach((tree, t) => addTree(tree, binned, scores[t % start.length]!, first, end));
  }
  return scores;
}

function rowByRow(scores: readonly Float64Array[]): Float64Array {
  const [only, second] = scores;
  if (!second) return only!;
  const rows = second.length;
  const together = new Float64Array(rows * scores.length);
  scores.forEach((each, k) => each.forEach((score, row) => (together[row * scores.length + k] = score)));
  return together;
}
