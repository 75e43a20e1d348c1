import { sum, countsOf } from '@polytask/components';
import { repeatedNumbers } from './counts.ts';
import { drawsOf } from './draws.ts';

/** So many standard errors from 0: 3 occur by chance. On the project's tables any bound from 2.6 to 4.4 chooses the same columns. */
const STANDARD_ERRORS = 4;
/** The share of a label's variance that the values explain at least: a few rows can be told apart by chance, with small errors. */
const SHARE = 0.0005;
/** A column with more repeated values in a sample measures something: its exact values gave nothing on any table. */
const MOST_IN_SAMPLE = 256;

/** Whether the repeated values of x [rows] say more about some label [labels][rows], and about all, than a smooth function of x does. */
export function valuesTell(x: Float64Array, labels: readonly Float64Array[]): boolean {
  const values = repeatedNumbers(countsOf(x), { most: MOST_IN_SAMPLE + 1 });
  if (values.length === 0 || values.length > MOST_IN_SAMPLE) return false;
  const gainOf = exactValueGains(x, values);
  const gains = labels.map(gainOf);
  const tells = gains.some(({ share, t }) => share >= SHARE && t >= STANDARD_ERRORS);
  return tells && sum(gains, ({ share }) => share) > 0;
}

const FOLDS = 5;
const KNOTS = 16;
/** A value's mean is shrunken as if so many further rows were on the curve. */
const PRIOR_ROWS = 10;

/** Compares a piecewise-linear curve with 16 knots with this curve plus the mean residual of each exact value, on rows not fitted to: the share of y's variance, and t. */
export function exactValueGains(
  x: Float64Array,
  values: readonly number[],
): (y: Float64Array) => { readonly share: number; readonly t: number } {
  const knots = knotsOf(x.filter((value) => !Number.isNaN(value)));
  const draw = drawsOf(1);
  const folds = Uint8Array.from(x, () => Math.floor(draw() * FOLDS));
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = Int32Array.from(x, (value) => codeOf.get(value) ?? -1);
  const places = Uint8Array.from(x, (value) => placeOf(value, knots));
  const shares = x.map((value, row) => {
    const [from, to] = [knots[places[row]!]!, knots[places[row]! + 1]!];
    return to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0;
  });

  return (y) => {
    const rows = Uint32Array.from(x.keys()).filter((row) => !Number.isNaN(x[row]! + y[row]!));
    const mean = sum(rows, (row) => y[row]!) / rows.length;
    let [total, gain, squares] = [0, 0, 0];
    for (let fold = 0; fold < FOLDS; fold++) {
      const heights = curveOf(rows.filter((row) => folds[row] !== fold));
      const residual = (row: number) => {
        const [place, share] = [places[row]!, shares[row]!];
        return y[row]! - (1 - share) * heights[place]! - share * (heights[place + 1] ?? 0);
      };
      const [sums, counts] = [new Float64Array(values.length), new Float64Array(values.length)];
      for (const row of rows) {
        if (folds[row] === fold || codes[row]! < 0) continue;
        sums[codes[row]!]! += residual(row);
        counts[codes[row]!]!++;
      }
      for (const row of rows) {
        if (folds[row] !== fold) continue;
        const before = residual(row);
        const shift = codes[row]! < 0 ? 0 : sums[codes[row]!]! / (counts[codes[row]!]! + PRIOR_ROWS);
        const better = before ** 2 - (before - shift) ** 2;
        total += (y[row]! - mean) ** 2;
        gain += better;
        squares += better ** 2;
      }
    }
    const error = Math.sqrt(Math.max(0, squares - gain ** 2 / rows.length));
    return { share: total > 0 ? gain / total : 0, t: error > 0 ? gain / error : 0 };

    /** Least squares of a piecewise-linear function, as its heights at the knots: the normal equations are tridiagonal. */
    function curveOf(own: Uint32Array): Float64Array {
      const zeros = () => new Float64Array(knots.length + 1);
      const [diagonal, beside, right, heights] = [zeros(), zeros(), zeros(), zeros()];
      for (const row of own) {
        const [place, share] = [places[row]!, shares[row]!];
        diagonal[place]! += (1 - share) ** 2;
        diagonal[place + 1]! += share ** 2;
        beside[place]! += share * (1 - share);
        right[place]! += (1 - share) * y[row]!;
        right[place + 1]! += share * y[row]!;
      }
      for (let k = 0; k < knots.length; k++) {
        diagonal[k]! += 1e-6 * (1 + diagonal[k]!);
        if (k === 0) continue;
        const factor = beside[k - 1]! / diagonal[k - 1]!;
        diagonal[k]! -= factor * beside[k - 1]!;
        right[k]! -= factor * right[k - 1]!;
      }
      for (let k = knots.length - 1; k >= 0; k--)
        heights[k] = (right[k]! - beside[k]! * heights[k + 1]!) / diagonal[k]!;
      return heights;
    }
  };
}

/** Quantiles of the numbers, and of the different ones: between frequent numbers, and between rare ones. */
function knotsOf(numbers: Float64Array): Float64Array {
  const sorted = numbers.slice().sort();
  const different = Float64Array.from(new Set(sorted));
  const quantiles = (of: Float64Array) =>
    Array.from({ length: KNOTS }, (_, i) => of[Math.round((i * (of.length - 1)) / (KNOTS - 1))]!);
  return Float64Array.from(new Set([...quantiles(sorted), ...quantiles(different)])).sort();
}

/** The index of the last knot that is not greater than a value; 0 for smaller values and NaN. */
function placeOf(value: number, knots: Float64Array): number {
  let [low, high] = [0, knots.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (knots[middle]! <= value) low = middle;
    else high = middle;
  }
  return low;
}
