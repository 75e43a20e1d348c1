import type { Metric, MetricSnapshot, MetricState } from '@polytask/metrics';

/** The promise that the flawed mean absolute error breaks. */
export type Flaw =
  | 'order'
  | 'merge'
  | 'changing merge'
  | 'self-merge'
  | 'weights'
  | 'mask'
  | 'empty'
  | 'range'
  | 'reset'
  | 'snapshot'
  | 'foreign snapshot'
  | 'refusals'
  | 'late refusals';

/** The mean absolute error, with one flaw or none. */
export function flawedMetric(flaw?: Flaw): Metric {
  const name = 'flawed';
  const stateOf = (sums = { error: 0, weight: 0, rows: 0 }): MetricState => {
    const state: MetricState & { sums: typeof sums } = {
      sums,
      update(labels, predictions, { weights, mask } = {}) {
        const rows = Array.from(labels, (label, i) => ({
          label,
          prediction: predictions[i]!,
          weight: weights?.[i] ?? 1,
          keep: Boolean(mask?.[i] ?? true),
        }));
        const unmasked = rows
          .filter(({ keep }) => keep || flaw === 'mask')
          .map((row) => (Number.isNaN(row.label) && flaw === 'mask' ? { ...row, label: 0, prediction: 1 } : row));
        const check = () => {
          const invalid = unmasked.some(
            ({ label, prediction, weight }) => ![label, prediction].every(Number.isFinite) || !(weight >= 0),
          );
          if (invalid || labels.length !== predictions.length || (weights && weights.length !== labels.length))
            throw new Error('odd rows');
        };
        if (flaw !== 'refusals' && flaw !== 'late refusals') check();
        for (const { label, prediction, weight } of unmasked) {
          const factor = flaw === 'weights' ? Number(weight > 0) : weight;
          const error = Math.abs(label - prediction);
          if (flaw === 'order' && sums.rows > 0 && error > 8) continue;
          sums.error += error * factor;
          sums.weight += factor;
          sums.rows++;
        }
        if (flaw === 'late refusals') check();
        return state;
      },
      merge(other) {
        const otherSums = (other as typeof state).sums;
        const { error, weight, rows } = otherSums;
        sums.error += error;
        if (flaw !== 'merge')
          sums.weight += flaw === 'self-merge' ? otherSums.weight - (otherSums === sums ? 1 : 0) : weight;
        sums.rows += rows;
        if (flaw === 'changing merge' && otherSums !== sums) otherSums.rows++;
        return state;
      },
      compute: () => (flaw === 'empty' && sums.weight === 0 ? 0 : sums.error / sums.weight),
      reset() {
        sums.error = 0;
        if (flaw !== 'reset') sums.weight = 0;
        sums.rows = 0;
        return state;
      },
      toJSON: () => ({
        metric: name,
        task: 'regression',
        config: {},
        sums: [sums.error, flaw === 'snapshot' ? 1 : sums.weight, sums.rows],
      }),
    };
    return state;
  };
  return {
    ...{ name, label: name, also: [], digits: 4, measured: 'named' },
    direction: 'lower',
    range: flaw === 'range' ? [0, 0.01] : [0, Infinity],
    task: 'regression',
    grouped: false,
    config: {},
    create: () => stateOf(),
    restore({ metric, sums }: MetricSnapshot) {
      if (metric !== name && flaw !== 'foreign snapshot') throw new Error('another metric');
      const [error, weight, rows] = sums!;
      return stateOf({ error: error!, weight: weight!, rows: rows! });
    },
  };
}
