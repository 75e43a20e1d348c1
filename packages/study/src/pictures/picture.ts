/** A picture as a Vega-Lite specification. */
export interface Picture {
  /** Of its file, without an ending. */
  readonly name: string;
  /** What it shows, in a line. */
  readonly caption: string;
  /** JSON. */
  readonly spec: object;
}

/** A picture that is drawn. */
export interface DrawnPicture extends Omit<Picture, 'spec'> {
  readonly svg: string;
}

/** The pictures of one table. */
export interface TablePictures<P = DrawnPicture> {
  readonly differences: readonly P[];
  readonly curves: readonly P[];
  readonly costs: readonly P[];
  readonly sensitivity: readonly P[];
  /** Of the first seed, model by model. */
  readonly fusion: readonly { readonly model: string; readonly levels: readonly P[] }[];
}

export const allPictures = <P>({ differences, sensitivity, curves, costs, fusion }: TablePictures<P>): P[] => [
  ...differences,
  ...sensitivity,
  ...curves,
  ...costs,
  ...fusion.flatMap(({ levels }) => levels),
];

/** How many widths of the middle half a value may lie outside of it. */
const REACH = 3;

/**
 * The range of the values but for those far outside: a picture that showed them all would show nothing of the others.
 * What lies outside is to be named at the edge.
 *
 * @returns all values' range where none is far outside (beyond the middle half by more than three times its width, Tukey's
 * outer fences), or where there are fewer than four
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
