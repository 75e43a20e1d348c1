/** A picture as a Vega-Lite specification. */
export interface Picture {
  /** The name of the file, without its extension. */
  readonly name: string;
  /** The caption in one line. */
  readonly caption: string;
  /** The Vega-Lite specification, as JSON. */
  readonly spec: object;
}

/** A picture as SVG. */
export interface DrawnPicture extends Omit<Picture, 'spec'> {
  readonly svg: string;
}

/** The pictures of one table. */
export interface TablePictures<P = DrawnPicture> {
  readonly differences: readonly P[];
  readonly curves: readonly P[];
  readonly costs: readonly P[];
  readonly sensitivity: readonly P[];
  /** The fusion weights of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly P[] }[];
}

/** All pictures of a table in one list. */
export const allPictures = <P>({ differences, sensitivity, curves, costs, fusion }: TablePictures<P>): P[] => [
  ...differences,
  ...sensitivity,
  ...curves,
  ...costs,
  ...fusion.flatMap(({ levels }) => levels),
];

/** How far from the middle half a value may be, in widths of the middle half. */
const REACH = 3;

/**
 * The range of the values without outliers, so that outliers don't squeeze the other values of a picture. An outlier is further from
 * the middle half of the values than three times the width of the middle half (Tukey's outer fences).
 *
 * @returns the range of all values if there are fewer than four
 */
export function usualRange(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
  if (sorted.length < 4) return { low, high };
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [first, third] = [at(0.25), at(0.75)];
  const inside = sorted.filter(
    (value) => value >= first - REACH * (third - first) && value <= third + REACH * (third - first),
  );
  return { low: inside[0]!, high: inside.at(-1)! };
}
