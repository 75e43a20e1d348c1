/** The most numbers that are kept: of more, each second one is dropped, again and again. */
const MOST = 2 ** 18;

/** Keeps numbers that come one by one, or an even part of very many. */
export function sampleNumbers(): { add(value: number | string, count?: number): void; sorted(): Float64Array } {
  let kept: number[] = [];
  let [seen, step] = [0, 1];
  return {
    add(value, count = 1) {
      for (let i = 0; i < count; i++) {
        if (seen++ % step !== 0) continue;
        kept.push(Number(value));
        if (kept.length < MOST) continue;
        kept = kept.filter((_, at) => at % 2 === 0);
        step *= 2;
      }
    },
    sorted: () => Float64Array.from(kept).sort(),
  };
}

/** How many of some ascending numbers are at most x. With `below`, how many are less than x. A binary search. */
export function placeOf(x: number, ascending: readonly number[], below = false): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below ? ascending[middle]! < x : ascending[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
