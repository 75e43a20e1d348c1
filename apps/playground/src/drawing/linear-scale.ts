import { nice, tickStep, ticks } from 'd3-array';

/** A linear scale of an axis. */
export interface LinearScale {
  /** The place of a value. */
  (value: number): number;
  /** The value at a place. */
  invert(place: number): number;
  /** Round values. */
  ticks(): number[];
  /** A tick as text, with the decimals that tell it from its neighbors. */
  textOf(tick: number): string;
}

export type Range = readonly [number, number];

/**
 * A linear scale. d3-scale has one, too, with interpolators of colors and dates that triple the size of a report's script.
 *
 * @param domain the values at both ends
 * @param range their places
 * @param count about how many ticks the axis has
 */
export function linearScale([low, high]: Range, [start, end]: Range, count: number): LinearScale {
  const slope = (end - start) / (high - low);
  const decimals = Math.max(0, -Math.floor(Math.log10(tickStep(low, high, count)) + 1e-9));
  return Object.assign((value: number) => start + slope * (value - low), {
    invert: (place: number) => low + (place - start) / slope,
    ticks: () => ticks(low, high, count),
    textOf: (tick: number) => tick.toFixed(decimals).replace('-', '\u2212'),
  });
}

/** The range of some values, with round numbers at both ends. NaN is left out. */
export function niceRange(values: readonly number[], count: number): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low === high ? [low - 0.5, high + 0.5] : nice(low, high, count);
}

/** The range of some values, with room at both sides. NaN is left out. @param share of the range, at each side */
export function roomyRange(values: readonly number[], share: number): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = share * (high - low || 1);
  return [low - room, high + room];
}
