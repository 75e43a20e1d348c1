import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

/** A line of a chart: a value for each epoch. */
export interface Series {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
}

export interface LineChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** The largest number of epochs of any line. */
  readonly epochs: number;
  /** The 0-based epoch that the page shows. */
  readonly shown: number;
}

const WIDTH = 260;
const HEIGHT = 120;
const MARGIN = { left: 40, right: 10, top: 8, bottom: 20 };

/** Lines over epochs. */
export function LineChart({ title, series, epochs, shown }: LineChartProps) {
  const values = series.flatMap((each) => each.values).filter(Number.isFinite);
  const x = scaleLinear([1, Math.max(2, epochs)], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const path = line<number>()
    .defined(Number.isFinite)
    .x((_, epoch) => x(epoch + 1))
    .y(y);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={description(title, series)}>
        {values.length > 0 &&
          y.ticks(3).map((tick) => (
            <g key={tick} transform={`translate(0 ${y(tick)})`}>
              <line class="grid" x1={MARGIN.left} x2={WIDTH - MARGIN.right} />
              <text class="tick" x={MARGIN.left - 6} dy="0.32em" text-anchor="end">
                {y.tickFormat(3)(tick)}
              </text>
            </g>
          ))}
        {x.ticks(Math.min(5, epochs)).map((tick) => (
          <text key={tick} class="tick" x={x(tick)} y={HEIGHT - 4} text-anchor="middle">
            {Number.isInteger(tick) ? tick : ''}
          </text>
        ))}
        <line class="now" x1={x(shown + 1)} x2={x(shown + 1)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
        {series.map(({ name, color, values: own }) => (
          <g key={name} style={{ color }}>
            <path class="line" d={path(own) ?? ''} />
            {own.length > 0 && Number.isFinite(own.at(-1)) && (
              <circle class="end" cx={x(own.length)} cy={y(own.at(-1)!)} r="2.5" />
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

const description = (title: string, series: readonly Series[]) =>
  `${title} over epochs. Last: ${series.map(({ name, values }) => `${name} ${values.at(-1)?.toFixed(4) ?? 'none'}`).join(', ')}.`;
