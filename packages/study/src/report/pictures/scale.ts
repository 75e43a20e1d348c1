/** A scale of an axis. */
export interface Scale {
  /** The place of a value. */
  (value: number): number;
  /** The value at a place. */
  invert(place: number): number;
  /** Round values. */
  ticks(): number[];
  /** A tick as text, with the decimals that tell it from its neighbors. */
  textOf(tick: number): string;
}

export type Range = readonly [low: number, high: number];

/** The distance between round ticks: 1, 2 or 5 times a power of ten. */
function stepOf(low: number, high: number, count: number): number {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const rest = raw / power;
  return power * (rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.sqrt(2) ? 2 : 1);
}

/**
 * A linear scale.
 *
 * @param domain the values at both ends
 * @param range their places
 * @param count about how many ticks the axis has
 */
export function linearScale([low, high]: Range, [start, end]: Range, count: number): Scale {
  const slope = (end - start) / (high - low);
  const step = stepOf(low, high, count);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Object.assign((value: number) => start + slope * (value - low), {
    invert: (place: number) => low + (place - start) / slope,
    ticks: () => {
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(decimals)));
    },
    textOf: (tick: number) => tick.toFixed(decimals).replace('-', '\u2212'),
  });
}

/** A logarithmic scale. Its ticks are powers of ten, with 2 and 5 times these if there are few. */
export function logScale([low, high]: Range, [start, end]: Range): Scale {
  const inner = linearScale([Math.log10(low), Math.log10(high)], [start, end], 4);
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  );
  const among = (factors: readonly number[]) =>
    powers.flatMap((power) => factors.map((factor) => power * factor)).filter((tick) => tick >= low && tick <= high);
  return Object.assign((value: number) => inner(Math.log10(value)), {
    invert: (place: number) => 10 ** inner.invert(place),
    ticks: () => [[1], [1, 2, 5]].map(among).find((ticks) => ticks.length > 2) ?? [low, high],
    textOf: shortNumber,
  });
}

const PREFIXES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `1.2M`, `50k`, `0.35` */
function shortNumber(value: number): string {
  const [unit, letter] = PREFIXES.find(([least]) => value >= least) ?? [1, ''];
  return `${Number((value / unit).toPrecision(2))}${letter}`;
}

/** The range of some values, with room at both sides. NaN is left out. @param share of the range, at each side */
export function roomyRange(values: readonly number[], share = 0.05): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = share * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

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
