import { listOf, notNegative, number } from '@polytask/components';
import { defineCalibration, requireBoth, type Knots } from './define-calibration.ts';

const options = {
  /** The points' x, ascending. */
  x: listOf(number(), 1),
  /** The points' y. */
  y: listOf(number(), 1),
  /** The slopes before the first point and after the last one. */
  ends: listOf(notNegative, 2),
};

/** The slope where the rows show none, so that the ranking stays. */
const LEAST = 1e-3;

/**
 * Isotonic regression (Zadrozny and Elkan, KDD 2002). Pooling adjacent violators gives blocks of rows whose shares of yes rise. The logit
 * of a block's share stands at the mean of its logits, with straight lines between (centered isotonic regression: Oron and Flournoy,
 * 2017). So rows that the model told apart don't tie.
 *
 * @example isotonic({ x: [-2, 1], y: [-3, 0.5], ends: [1, 1] })
 */
export const isotonic = defineCalibration(
  'isotonic',
  (z, { interpolate }, knots) => interpolate(z, knots as unknown as Knots),
  {
    predictions: ['probability'],
    options,
    fit({ logits, labels, weights }) {
      requireBoth({ labels, weights });
      const blocks = withInnerEnds(blocksOf(logits, labels, weights));
      const x = blocks.map(({ logit, weight }) => logit / weight);
      const y = blocks.map((block) => Math.log(shareOf(block) / (1 - shareOf(block))));
      const slope = (i: number) => (x.length > 1 ? (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!) : LEAST);
      return { x, y, ends: [Math.min(1, slope(0)), Math.min(1, slope(x.length - 2))] };
    },
    description: 'a rising line by shares of yes among rows of similar logits',
    paper: 'Zadrozny and Elkan, KDD 2002; Oron and Flournoy, 2017',
    package: '@polytask/core/calibration',
  },
);

/** Sums over the rows of a block. */
interface Pool {
  weight: number;
  logit: number;
  yes: number;
}

/** Pools adjacent violators: the shares of yes rise strictly from block to block. Equal logits are in one block. */
function blocksOf(logits: Float64Array, labels: Float64Array, weights: Float64Array): Pool[] {
  const order = Uint32Array.from(logits.keys()).sort((a, b) => logits[a]! - logits[b]!);
  const blocks: Pool[] = [];
  let previous = NaN;
  for (const row of order) {
    const [z, weight] = [logits[row]!, weights[row]!];
    let own: Pool = { weight, logit: weight * z, yes: weight * labels[row]! };
    if (z === previous) own = joined(blocks.pop()!, own);
    previous = z;
    for (let last = blocks.at(-1); last && last.yes * own.weight >= own.yes * last.weight; last = blocks.at(-1))
      own = joined(blocks.pop()!, own);
    blocks.push(own);
  }
  return blocks;
}

/** The share of yes. A block of yes or no only has half a row of the other, as 0 and 1 would be too sure. */
function shareOf({ yes, weight }: Pool): number {
  const share = yes / weight;
  return share > 0 && share < 1 ? share : (yes + 0.5) / (weight + 1);
}

/** Joins the first and the last block with their neighbors where half a row more makes their shares fall. */
function withInnerEnds([...blocks]: readonly Pool[]): Pool[] {
  const falls = (i: number) => blocks.length > 1 && shareOf(blocks[i]!) >= shareOf(blocks[i + 1]!);
  while (falls(0)) blocks.splice(0, 2, joined(blocks[0]!, blocks[1]!));
  while (falls(blocks.length - 2)) blocks.splice(-2, 2, joined(blocks.at(-2)!, blocks.at(-1)!));
  return blocks;
}

const joined = (a: Pool, b: Pool): Pool => ({
  weight: a.weight + b.weight,
  logit: a.logit + b.logit,
  yes: a.yes + b.yes,
});
