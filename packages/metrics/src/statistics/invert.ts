/**
 * The x >= 0 at which a growing function passes a value: the quantile, given a distribution function. By bisection down
 * to neighboring numbers, so that it is as precise as the function is.
 *
 * @param grows nondecreasing on x >= 0, and above `value` for some x; for a tail P(X > x) give −P and −p
 */
export const invert = (grows: (x: number) => number, value: number): number => {
  let low = 0;
  let high = 1;
  while (grows(high) < value) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle; // no number in between
    if (grows(middle) < value) low = middle;
    else high = middle;
  }
};
