import { useSignal } from '@preact/signals';
import { meanInterval } from '@polytask/metrics';
import {
  columnDigits,
  formatDifference,
  metricFormat,
  pairing,
  pairOf,
  resampling,
  roomyRange,
  seriesClass,
  type Summary,
  type TrialResult,
} from '@polytask/study';
import { SeedPlot } from '../drawing/seed-plot.tsx';
import { Select } from './controls.tsx';

/** The room at both sides of a plot's points. */
const ROOM = 0.05;

export interface SeedsPanelProps {
  readonly summary: Summary;
  /** The trials of the summary. */
  readonly trials: readonly TrialResult[];
  /** The models in their order, for colors. */
  readonly colored: readonly string[];
}

/** Two models on one score, seed by seed: each trial is a point, and below it stands the difference of the pair. */
export function SeedsPanel({ summary, trials, colored }: SeedsPanelProps) {
  const { baseline, config } = summary;
  const { noun } = pairing(config);
  const Noun = noun === 'seed' ? 'Seed' : 'Fold';
  const title = `${Noun} by ${noun}`;
  const models = summary.models.map(({ model }) => model);
  const columns = summary.columns.map((column) => {
    const { label, direction } = metricFormat(column.metric);
    return { ...column, label, direction, digits: columnDigits(summary, column) };
  });
  const chosenColumn = useSignal(0);
  const chosen = useSignal<readonly string[]>([]);
  const pointed = useSignal<number | undefined>(undefined);
  const others = models.filter((model) => model !== baseline);
  const known = (name: string | undefined, initial: string | undefined) =>
    name !== undefined && models.includes(name) ? name : initial;
  const first = known(chosen.value[0], others.at(-1));
  const second = known(chosen.value[1], models.includes(baseline) ? baseline : models[0]);
  const column = columns[chosenColumn.value] ?? columns[0];
  if (first === undefined || second === undefined || !column) return null;

  const valuesOf = (model: string) =>
    new Map(
      trials
        .filter((trial) => trial.model === model)
        .map((trial) => [pairOf(trial), trial.metrics[column.task]?.[column.metric] ?? NaN]),
    );
  const [a, b] = [valuesOf(first), valuesOf(second)];
  const pairs = [...a.keys()]
    .filter((seed) => b.has(seed))
    .sort((x, y) => x - y)
    .map((seed) => ({ seed, value: a.get(seed)! - b.get(seed)! }));
  const rowOf = (name: string, values: ReadonlyMap<number, number>) => ({
    ...{ name, look: seriesClass(colored.indexOf(name)) },
    points: [...values].map(([seed, value]) => ({ seed, value })),
  });
  const scores = [rowOf(first, a), ...(second === first ? [] : [rowOf(second, b)])];
  const differences = pairs.map(({ value }) => value);
  const plot = { seed: pointed.value, onSeed: (seed: number | undefined) => void (pointed.value = seed) };
  return (
    <section class="seeds" aria-label={title}>
      <h3>{title}</h3>
      <div class="pair">
        <Select
          label="Score"
          options={columns.map(({ task, label }) => `${task}: ${label}`)}
          index={columns.indexOf(column)}
          onChange={(index) => (chosenColumn.value = index)}
        />
        <Select
          label="Model"
          options={models}
          index={models.indexOf(first)}
          onChange={(index) => (chosen.value = [models[index]!, second])}
        />
        <Select
          label="minus"
          options={models}
          index={models.indexOf(second)}
          onChange={(index) => (chosen.value = [first, models[index]!])}
        />
      </div>
      <div class="pair-plots">
        <figure>
          <figcaption>
            {column.label} of {scores.map(({ name }) => name).join(', then ')} ({column.direction} is better)
          </figcaption>
          <SeedPlot
            {...plot}
            rows={scores}
            domain={roomyRange(
              scores.flatMap(({ points }) => points.map(({ value }) => value)),
              ROOM,
            )}
            label={`${column.label} on ${column.task}, a point for each ${noun}`}
          />
        </figure>
        <figure>
          <figcaption>
            {first} minus {second}
          </figcaption>
          <SeedPlot
            {...plot}
            rows={[{ name: 'difference', look: seriesClass(colored.indexOf(first)), points: pairs }]}
            domain={roomyRange([0, ...differences], ROOM)}
            label={`Differences in ${column.label} on ${column.task}, a point for each ${noun}`}
          />
        </figure>
      </div>
      <p class="hint readout">
        {pointed.value === undefined
          ? `A point is a ${noun}. Point at one to read its values.`
          : readout(`${Noun} ${pointed.value}`, [
              [first, a.get(pointed.value), column.digits],
              [second, b.get(pointed.value), column.digits],
            ])}
      </p>
      {pairs.length > 0 && second !== first && (
        <p class="hint">{conclusion(differences, { first, second, config, ...column })}</p>
      )}
    </section>
  );
}

/** `Seed 3: adatt 0.9174, single-task 0.9339.` */
const readout = (pair: string, values: readonly (readonly [string, number | undefined, number])[]): string =>
  `${pair}: ${values.map(([name, value, digits]) => `${name} ${value?.toFixed(digits) ?? 'not run'}`).join(', ')}.`;

interface Pair {
  readonly config: Summary['config'];
  readonly first: string;
  readonly second: string;
  readonly direction: 'higher' | 'lower';
  readonly digits: number;
}

/** The mean difference of a pair of models with its interval, and on how many seeds the first one is ahead. */
function conclusion(differences: readonly number[], { first, second, direction, digits, config }: Pair): string {
  const { mean, high } = meanInterval(differences, resampling(config));
  const ahead = differences.filter((value) => (direction === 'higher' ? value > 0 : value < 0)).length;
  return (
    `${first} minus ${second}: ${formatDifference({ difference: mean, high }, digits)} (paired 95% t interval of this pair alone). ` +
    `${first} is ahead on ${ahead} of ${differences.length} ${pairing(config).noun}s.`
  );
}
