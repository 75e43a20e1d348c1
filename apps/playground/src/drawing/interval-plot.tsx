import { scaleLinear } from 'd3-scale';

/** A mean difference with its interval. */
export interface Interval {
  readonly difference: number;
  /** NaN with one seed. */
  readonly low: number;
  readonly high: number;
  readonly verdict: 'better' | 'worse' | 'no difference' | 'untested';
}

export interface IntervalPlotProps extends Interval {
  /** The range of the axis, the same for all plots that are compared. */
  readonly domain: readonly [number, number];
  readonly label: string;
}

const WIDTH = 130;
const HEIGHT = 20;
const SPACE = 5;

/** A difference as a point, its 95% interval as a line, and 0 as a rule. */
export function IntervalPlot({ difference, low, high, verdict, domain, label }: IntervalPlotProps) {
  const x = scaleLinear(domain, [SPACE, WIDTH - SPACE]).clamp(true);
  const middle = HEIGHT / 2;
  return (
    <svg
      class={`interval ${verdict.replace(' ', '-')}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <line class="zero" x1={x(0)} x2={x(0)} y1="0" y2={HEIGHT} />
      {Number.isFinite(low) && <line class="span" x1={x(low)} x2={x(high)} y1={middle} y2={middle} />}
      {Number.isFinite(difference) && <circle cx={x(difference)} cy={middle} r="4" />}
    </svg>
  );
}

/** The range of some differences with their intervals and 0, with room at both sides. */
export function domainOf(intervals: readonly Interval[]): [number, number] {
  const ends = intervals.flatMap(({ difference, low, high }) => [difference, low, high]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = 0.08 * (high - low || 1);
  return [low - room, high + room];
}
