import { mean } from '@polytask/components/internal';
/** The AUC, or 1 − AUC where that is larger. Labels are 0 or 1; ties count half. */
export function separation(values: Float64Array, labels: readonly number[]): number {
  const valuesOf = (label: number) => values.filter((_, row) => labels[row] === label).sort();
  const [no, yes] = [valuesOf(0), valuesOf(1)];
  let [below, upTo, wins] = [0, 0, 0]; // how many of `no` are less than a value of `yes`, and at most as large
  for (const value of yes) {
    while (below < no.length && no[below]! < value) below++;
    upTo = Math.max(upTo, below);
    while (upTo < no.length && no[upTo] === value) upTo++;
    wins += (below + upTo) / 2;
  }
  const auc = wins / (yes.length * no.length);
  return Math.max(auc, 1 - auc);
}

/** |Pearson's correlation|; 0 where one of the two is constant. */
export function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i]! - my);
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  });
  return xx === 0 || yy === 0 ? 0 : Math.abs(xy) / Math.sqrt(xx * yy);
}
