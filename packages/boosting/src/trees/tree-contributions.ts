/** A tree that is explained. A node of 0 or more is a split, and one below 0 is ~leaf. */
export interface CountedTree {
  readonly root: number;
  /** The column of each split: [splits]. */
  readonly column: ArrayLike<number>;
  /** The left and the right node below each split: [splits × 2]. */
  readonly children: ArrayLike<number>;
  /** The value of each leaf: [leaves]. */
  readonly value: ArrayLike<number>;
  /** How many training rows each leaf has: [leaves]. */
  readonly count: ArrayLike<number>;
  goesLeft(split: number, bin: number): boolean;
}

/** Adds a row's contributions to `into`, [features]. @returns the value of the tree where no feature is known */
export type AddContributions = (bins: ArrayLike<number>, into: Float64Array, background?: ArrayLike<number>) => number;

/**
 * TreeSHAP: the Shapley values of the features for the value of a tree (Lundberg et al., Nature Machine Intelligence 2020).
 *
 * Without a background row, splits of unknown features send a row to both sides by the shares of the training rows ("path-dependent").
 * With one, unknown features have its values ("interventional").
 *
 * In both, a coalition's value is a sum over leaves, value · Π pₑ, over the features e on the way: pₑ is `on` for a known feature
 * (1 if the row goes this way, else 0) and `off` for an unknown one. The Shapley value of a product is
 * (onₑ − offₑ) ∫ Πⱼ (offⱼ (1 − t) + onⱼ t) dt, over the other features j (Owen, Management Science 1972).
 *
 * @param featureOf the feature of each column: those of one feature are known together
 */
export function treeContributions(tree: CountedTree, featureOf: ArrayLike<number>): AddContributions {
  const { root, column, children, value, count } = tree;
  const below = new Float64Array(column.length);
  const rowsBelow = (node: number): number =>
    node < 0 ? count[~node]! : (below[node] = rowsBelow(children[node * 2]!) + rowsBelow(children[node * 2 + 1]!));
  rowsBelow(root);
  const rowsOf = (node: number): number => (node < 0 ? count[~node]! : below[node]!);

  return (bins, into, background) => {
    // the features on the way to a node
    const features: number[] = [];
    const on: number[] = [];
    const off: number[] = [];
    let base = 0;
    const visit = (node: number): void => {
      if (node < 0) {
        base += off.reduce((product, each) => product * each, value[~node]!);
        addProduct(value[~node]!, features, on, off, into);
        return;
      }
      const feature = featureOf[column[node]!]!;
      const known = features.indexOf(feature);
      const at = known < 0 ? features.push(feature) - 1 : known;
      const [ownOn, ownOff] = known < 0 ? [1, 1] : [on[at]!, off[at]!];
      const side = tree.goesLeft(node, bins[column[node]!]!) ? 0 : 1;
      const other = background && (tree.goesLeft(node, background[column[node]!]!) ? 0 : 1);
      for (const way of [0, 1]) {
        const child = children[node * 2 + way]!;
        on[at] = way === side ? ownOn : 0;
        off[at] = ownOff * (other === undefined ? rowsOf(child) / below[node]! : Number(way === other));
        if (on[at]! > 0 || off[at]! > 0) visit(child);
      }
      [on[at], off[at]] = [ownOn, ownOff];
      if (known < 0) for (const list of [features, on, off]) list.pop();
    };
    visit(root);
    return base;
  };
}

/** Adds the Shapley values of a leaf's value · Π pₑ. */
function addProduct(
  value: number,
  features: readonly number[],
  on: readonly number[],
  off: readonly number[],
  into: Float64Array,
): void {
  // a feature that makes no difference is a factor of all others
  const moving: number[] = [];
  on.forEach((each, e) => (each === off[e] ? (value *= each) : moving.push(e)));
  if (value === 0) return;
  const degree = moving.length - 1;
  for (const e of moving) {
    const terms = new Float64Array(moving.length).fill(1, 0, 1); // of tᵏ (1 − t)ⁿ⁻ᵏ, all of one sign
    let count = 0;
    for (const j of moving) {
      if (j === e) continue;
      count++;
      for (let k = count; k >= 0; k--) terms[k] = terms[k]! * off[j]! + (k > 0 ? terms[k - 1]! * on[j]! : 0);
    }
    // ∫ tᵏ (1 − t)ⁿ⁻ᵏ dt = k! (n − k)! / (n + 1)!
    let [integral, weight] = [0, 1 / (degree + 1)];
    for (let k = 0; k <= degree; k++) {
      integral += terms[k]! * weight;
      weight *= (k + 1) / (degree - k);
    }
    into[features[e]!]! += value * (on[e]! - off[e]!) * integral;
  }
}
