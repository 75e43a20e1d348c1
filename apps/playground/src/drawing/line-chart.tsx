import { useSignal } from '@preact/signals';
import { type LinearScale, linearScale, niceRange } from './linear-scale.ts';
import { placeOf } from './pointer.ts';

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

/** Lines over epochs. A pointer reads their values at an epoch. */
export function LineChart({ title, series, epochs, shown }: LineChartProps) {
  const pointed = useSignal<number | undefined>(undefined); // a 0-based epoch
  const now = Math.min(pointed.value ?? shown, epochs - 1);
  const values = series.flatMap((each) => each.values).filter(Number.isFinite);
  const x = linearScale([1, Math.max(2, epochs)], [MARGIN.left, WIDTH - MARGIN.right], Math.min(5, epochs));
  const y = linearScale(niceRange(values, 4), [HEIGHT - MARGIN.bottom, MARGIN.top], 3);
  return (
    <figure class="chart">
      <figcaption>
        {title}
        {pointed.value !== undefined && <Values series={series} epoch={now} />}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={description(title, series)}
        onPointerMove={(event) => {
          const epoch = Math.round(x.invert(placeOf(event, WIDTH, HEIGHT).x)) - 1;
          pointed.value = Math.max(0, Math.min(epochs - 1, epoch));
        }}
        onPointerLeave={() => (pointed.value = undefined)}
      >
        {values.length > 0 &&
          y.ticks().map((tick) => (
            <g key={tick} transform={`translate(0 ${y(tick)})`}>
              <line class="grid" x1={MARGIN.left} x2={WIDTH - MARGIN.right} />
              <text class="tick" x={MARGIN.left - 6} dy="0.32em" text-anchor="end">
                {y.textOf(tick)}
              </text>
            </g>
          ))}
        {x.ticks().map((tick) => (
          <text key={tick} class="tick" x={x(tick)} y={HEIGHT - 4} text-anchor="middle">
            {Number.isInteger(tick) ? tick : ''}
          </text>
        ))}
        <line class="now" x1={x(now + 1)} x2={x(now + 1)} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
        {series.map(({ name, color, values: own }) => (
          <g key={name} style={{ color }}>
            <path class="line" d={pathOf(own, x, y)} />
            {own.length > 0 && Number.isFinite(own.at(-1)) && (
              <circle class="end" cx={x(own.length)} cy={y(own.at(-1)!)} r="2.5" />
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** The path of a line over epochs. A value that isn't known breaks it. */
const pathOf = (values: readonly number[], x: LinearScale, y: LinearScale): string =>
  values
    .map((value, epoch) => {
      if (!Number.isFinite(value)) return '';
      return `${Number.isFinite(values[epoch - 1]) ? 'L' : 'M'}${x(epoch + 1)} ${y(value)}`;
    })
    .join('');

/** The values of all lines at an epoch, in the lines' colors. */
const Values = ({ series, epoch }: Pick<LineChartProps, 'series'> & { readonly epoch: number }) => (
  <span class="values">
    epoch {epoch + 1}:
    {series.map(({ name, color, values }) => (
      <span key={name} title={name} style={{ color }}>
        {' '}
        {values[epoch]?.toFixed(4) ?? '–'}
      </span>
    ))}
  </span>
);

const description = (title: string, series: readonly Series[]) =>
  `${title} over epochs. Last: ${series.map(({ name, values }) => `${name} ${values.at(-1)?.toFixed(4) ?? 'none'}`).join(', ')}.`;
