import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fusionAt, type ModelHistory } from '../comparison/model-history.ts';
import { fusionHeatMaps, seriesClass } from '@polytask/study';
import { modelColor } from '../drawing/colors.ts';
import { Drawn } from '../drawing/drawn.tsx';
import { LineChart, type Series } from '../drawing/line-chart.tsx';
import { NetworkDrawing } from '../drawing/network-drawing.tsx';

export interface TrainingPanelProps {
  readonly histories: readonly ModelHistory[];
  /** The models in their order, for colors. */
  readonly models: readonly string[];
  readonly tasks: readonly string[];
  /** The name of the validation score in the title of its chart. */
  readonly curve: string;
}

/** How long an epoch is shown when the training is played again, in ms. */
const FRAME = 300;

/** The trainings of the first seed: curves, and each network at an epoch. */
export function TrainingPanel({ histories, models, tasks, curve }: TrainingPanelProps) {
  const epochs = Math.max(0, ...histories.map((history) => history.epochs.length));
  const chosen = useSignal<number | undefined>(undefined); // undefined: the latest
  const isPlaying = useSignal(false);
  const shown = Math.min(chosen.value ?? epochs - 1, epochs - 1);
  useEffect(() => {
    if (!isPlaying.value) return undefined;
    const timer = setTimeout(() => {
      if (shown >= epochs - 1) isPlaying.value = false;
      else chosen.value = shown + 1;
    }, FRAME);
    return () => clearTimeout(timer);
  }, [isPlaying.value, shown, epochs]);
  if (epochs === 0) return null;

  const seriesOf = (valueOf: (epoch: ModelHistory['epochs'][number]) => number | undefined): Series[] =>
    histories.flatMap(({ model, epochs: own }) => {
      const values = own.map((epoch) => valueOf(epoch) ?? NaN);
      if (!values.some(Number.isFinite)) return [];
      return [{ name: model, look: seriesClass(models.indexOf(model)), values }];
    });
  const losses = [
    ...new Set(histories.flatMap((history) => history.epochs.flatMap((epoch) => Object.keys(epoch.losses)))),
  ];
  const charts = [
    ...losses.map((task) => ({ title: `${task}: training loss`, series: seriesOf((epoch) => epoch.losses[task]) })),
    ...tasks.map((task) => ({
      title: `${task}: ${curve}`,
      series: seriesOf((epoch) => epoch.validation[task]),
    })),
    { title: 'cosine of the gradients', series: seriesOf((epoch) => epoch.cosine) },
  ].filter(({ series }) => series.length > 0);
  return (
    <section class="training" aria-labelledby="training-title">
      <h2 id="training-title">What each model learns, seed {histories[0]!.seed}</h2>
      <div class="scrubber">
        <button
          type="button"
          onClick={() => {
            if (!isPlaying.value && shown >= epochs - 1) chosen.value = 0;
            isPlaying.value = !isPlaying.value;
          }}
        >
          {isPlaying.value ? 'Hold' : 'Play again'}
        </button>
        <label>
          <span>
            Epoch {shown + 1} of {epochs}
          </span>
          <input
            type="range"
            min="1"
            max={epochs}
            value={shown + 1}
            onInput={({ currentTarget }) => {
              const epoch = Number(currentTarget.value) - 1;
              isPlaying.value = false;
              chosen.value = epoch === epochs - 1 ? undefined : epoch;
            }}
          />
        </label>
      </div>
      <ul class="legend">
        {histories.map(({ model }) => (
          <li key={model}>
            <span class="swatch" style={{ backgroundColor: modelColor(models.indexOf(model)) }} />
            {model}
          </li>
        ))}
      </ul>
      <div class="charts">
        {charts.map((chart) => (
          <LineChart key={chart.title} {...chart} epochs={epochs} shown={shown} />
        ))}
      </div>
      <div class="networks">
        {histories.map((history) => (
          <article key={history.model} class="network-card">
            <h3>{history.model}</h3>
            <NetworkDrawing model={history.model} levels={fusionAt(history, shown)} tasks={tasks} />
            {fusionHeatMaps({ model: history.model, fusion: fusionAt(history, shown) }).map(({ name, drawing }) => (
              <div key={name} class="wide" tabIndex={0}>
                <Drawn markup={drawing} />
              </div>
            ))}
          </article>
        ))}
      </div>
    </section>
  );
}
