import { linearScale, type Range, roomyRange } from './linear-scale.ts';

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
  readonly domain: Range;
  readonly label: string;
}

const WIDTH = 130;
const HEIGHT = 20;
const SPACE = 5;

/** A difference as a point, its 95% interval as a line, and 0 as a rule. */
export function IntervalPlot({ difference, low, high, verdict, domain, label }: IntervalPlotProps) {
  const scale = linearScale(domain, [SPACE, WIDTH - SPACE], 1);
  const x = (value: number) => Math.max(SPACE, Math.min(WIDTH - SPACE, scale(value)));
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
export const domainOf = (intervals: readonly Interval[]): Range =>
  roomyRange([0, ...intervals.flatMap(({ difference, low, high }) => [difference, low, high])], 0.08);
