import { useSignal } from '@preact/signals';
import { chartScales, lineChart, drawPicture } from '@polytask/study';
import { Drawn } from './drawn.tsx';
import { placeOf } from './pointer.ts';

/** A line of a chart: a value for each epoch. */
export interface Series {
  readonly name: string;
  /** The classes of its color and dash. */
  readonly look: string;
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

/** The report's lines over epochs. A pointer reads their values at an epoch. */
export function LineChart({ title, series, epochs, shown }: LineChartProps) {
  const pointed = useSignal<number | undefined>(undefined); // a 0-based epoch
  const now = Math.min(pointed.value ?? shown, epochs - 1);
  const lines = series.map(({ values, ...line }) => ({ ...line, points: values.map((y, e) => [e + 1, y] as const) }));
  const chart = {
    title,
    series: lines,
    xTitle: 'epoch',
    xRange: [1, epochs] as const,
    now: now + 1,
    width: 300,
    height: 170,
  };
  return (
    <figure
      class="chart"
      onPointerMove={(event) => {
        const { x } = chartScales(chart);
        const place = placeOf(event, event.currentTarget.querySelector('svg')!, chart.width, chart.height);
        pointed.value = Math.max(0, Math.min(epochs - 1, Math.round(x.invert(place.x)) - 1));
      }}
      onPointerLeave={() => (pointed.value = undefined)}
    >
      <figcaption>{pointed.value !== undefined && <Values series={series} epoch={now} />}</figcaption>
      <Drawn markup={drawPicture('chart', description(title, series), lineChart(chart)).drawing} />
    </figure>
  );
}

/** The values of all lines at an epoch, in the lines' colors. */
const Values = ({ series, epoch }: Pick<LineChartProps, 'series'> & { readonly epoch: number }) => (
  <span class="values picture">
    epoch {epoch + 1}:
    {series.map(({ name, look, values }) => (
      <span key={name} title={name} class={look}>
        {' '}
        {values[epoch]?.toFixed(4) ?? '–'}
      </span>
    ))}
  </span>
);

const description = (title: string, series: readonly Series[]) =>
  `${title} over epochs. Last: ${series.map(({ name, values }) => `${name} ${values.at(-1)?.toFixed(4) ?? 'none'}`).join(', ')}.`;
