import { drawsOf } from '../statistics/draws.ts';

/** Takes rows at random, in one pass: each set of the final size is as likely as any other. At most twice the sample is in memory. */
export function rowSampler<R>(size: { readonly rows: number; readonly weight: number }, keep: (row: R) => R) {
  const draw = drawsOf(0);
  let kept: { readonly row: R; readonly weight: number; readonly drawn: number; readonly place: number }[] = [];
  let [bound, total, weight] = [Infinity, 0, 0]; // rows that draw more than the bound are out

  const cut = (): void => {
    kept.sort((a, b) => a.drawn - b.drawn || a.place - b.place);
    let count = 0;
    weight = 0;
    for (; count < Math.min(kept.length, size.rows); count++) {
      const next = weight + kept[count]!.weight;
      if (next > size.weight && count > 0) break;
      weight = next;
    }
    if (count < kept.length) bound = kept[count - 1]!.drawn;
    kept = kept.slice(0, count);
  };

  return {
    add(row: R, own: number): void {
      const [drawn, place] = [draw(), total++];
      if (drawn > bound) return;
      kept.push({ row: keep(row), weight: own, drawn, place });
      weight += own;
      if (kept.length >= 2 * size.rows || weight >= 2 * size.weight) cut();
    },
    finish(): R[] {
      cut();
      return kept.sort((a, b) => a.place - b.place).map(({ row }) => row);
    },
  };
}
