import { linearScale, type Range } from '@polytask/study';
import { placeOf } from './pointer.ts';

/** The values of one row of a plot, a point for each seed. */
export interface SeedRow {
  readonly name: string;
  readonly color: string;
  readonly points: readonly { readonly seed: number; readonly value: number }[];
}

export interface SeedPlotProps {
  readonly label: string;
  readonly rows: readonly SeedRow[];
  /** The range of the axis. A rule stands at 0 where the range has it. */
  readonly domain: Range;
  /** The seed that is pointed at. */
  readonly seed: number | undefined;
  readonly onSeed: (seed: number | undefined) => void;
}

const WIDTH = 520;
const ROW = 26;
const TICKS = 5;
const MARGIN = { left: 10, right: 10, top: 4, bottom: 20 };

/** A row of points for each model. The points of the seed that is pointed at are joined. */
export function SeedPlot({ label, rows, domain, seed, onSeed }: SeedPlotProps) {
  const height = MARGIN.top + ROW * rows.length + MARGIN.bottom;
  const x = linearScale(domain, [MARGIN.left, WIDTH - MARGIN.right], TICKS);
  const y = (row: number) => MARGIN.top + ROW * (row + 0.5);
  const points = rows.flatMap((row, r) =>
    row.points.filter(({ value }) => Number.isFinite(value)).map((point) => ({ ...point, ...row, r })),
  );
  const joined = points.filter((point) => point.seed === seed);
  return (
    <svg
      class="seed-plot"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={label}
      onPointerMove={(event) => {
        const at = placeOf(event, event.currentTarget, WIDTH, height);
        const distance = (point: (typeof points)[number]) => Math.hypot(x(point.value) - at.x, y(point.r) - at.y);
        onSeed([...points].sort((a, b) => distance(a) - distance(b))[0]?.seed);
      }}
      onPointerLeave={() => onSeed(undefined)}
    >
      {x.ticks().map((tick) => (
        <g key={tick} transform={`translate(${x(tick)} 0)`}>
          <line class={tick === 0 ? 'zero' : 'grid'} y1={MARGIN.top} y2={height - MARGIN.bottom} />
          <text class="tick" y={height - 6} text-anchor="middle">
            {x.textOf(tick)}
          </text>
        </g>
      ))}
      <polyline class="joined" points={joined.map(({ value, r }) => `${x(value)},${y(r)}`).join(' ')} />
      {points.map((point) => (
        <circle
          key={`${point.name} ${point.seed}`}
          class={point.seed === seed ? 'pointed' : ''}
          cx={x(point.value)}
          cy={y(point.r)}
          r={point.seed === seed ? 5.5 : 4}
          style={{ fill: point.color }}
        />
      ))}
    </svg>
  );
}
