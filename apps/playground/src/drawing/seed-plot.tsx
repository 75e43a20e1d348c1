import { dot, h, drawPicture, type Range, rowPlot } from '@polytask/study';
import { Drawn } from './drawn.tsx';
import { type Place, placeOf } from './pointer.ts';

/** The values of one row of a plot, a point for each seed. */
export interface SeedRow {
  readonly name: string;
  /** The class of its color. */
  readonly look: string;
  readonly points: readonly { readonly seed: number; readonly value: number }[];
}

export interface SeedPlotProps {
  readonly label: string;
  readonly rows: readonly SeedRow[];
  readonly domain: Range;
  /** The seed that is pointed at. */
  readonly seed: number | undefined;
  readonly onSeed: (seed: number | undefined) => void;
}

/** The report's row of points for each model. The points of the seed that is pointed at are joined. */
export function SeedPlot({ label, rows, domain, seed, onSeed }: SeedPlotProps) {
  const places: (Place & { readonly seed: number })[] = [];
  const plot = rowPlot({
    ...{ xTitle: '', domain, named: false, width: 500 },
    rows: rows.map(({ name, look, points }) => ({
      name,
      draw: (x, y) => {
        const own = points
          .filter(({ value }) => Number.isFinite(value))
          .map((each) => ({ ...each, x: x(each.value), y }));
        places.push(...own);
        return h(
          'g',
          { class: look },
          own.map((each) => dot(each.x, y, each.seed === seed ? 5.5 : 4)),
        );
      },
    })),
  });
  const joined = places.filter((each) => each.seed === seed).map(({ x, y }) => `${x} ${y}`);
  const content = [joined.length > 1 && h('path', { class: 'thin', d: `M${joined.join('L')}` }), plot.content];
  return (
    <div
      class="seed-plot"
      onPointerMove={(event) => {
        const at = placeOf(event, event.currentTarget.querySelector('svg')!, plot.width, plot.height);
        const distance = ({ x, y }: Place) => Math.hypot(x - at.x, y - at.y);
        onSeed(places.sort((a, b) => distance(a) - distance(b))[0]?.seed);
      }}
      onPointerLeave={() => onSeed(undefined)}
    >
      <Drawn markup={drawPicture('seeds', label, { ...plot, content }).drawing} />
    </div>
  );
}
