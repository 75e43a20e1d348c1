/** A slope by central differences, or undefined where the function has a kink nearby. */
export interface SlopeOptions {
  /** What the slope may be wrong by. */
  readonly tolerance: number;
  /** What `at` may be wrong by through rounding. */
  readonly noise: number;
}

/** Steps from large to small: a kink that is near the larger may be outside of the smaller; rounding grows. */
const STEPS = [2 ** -6, 2 ** -8, 2 ** -10];

/**
 * f′(0) of float32 arithmetic: Richardson's extrapolation of two central differences, (4 D(h/2) − D(h)) / 3.
 *
 * A kink within the step is seen in the function alone: the two differences disagree, or the one-sided slopes do, more than
 * curvature explains. Then a smaller step is tried; a gradient that is wrong never makes a slope unreliable.
 */
export function slopeOf(at: (x: number) => number, { tolerance, noise }: SlopeOptions): number | undefined {
  const center = at(0);
  for (const h of STEPS) {
    const [right, left, near, below] = [at(h), at(-h), at(h / 2), at(-h / 2)];
    const [wide, narrow] = [(right - left) / (2 * h), (near - below) / h];
    const bend = (right - 2 * center + left) / h; // the one-sided slopes' difference: h f″ where f is smooth
    const nearBend = (2 * (near - 2 * center + below)) / h;
    const allowed = 0.15 * tolerance + (4 * noise) / h;
    if (8 * noise > h * tolerance) return undefined;
    if (Math.abs(wide - narrow) <= allowed && Math.abs(nearBend - bend / 2) <= 2 * allowed)
      return (4 * narrow - wide) / 3;
  }
  return undefined;
}
