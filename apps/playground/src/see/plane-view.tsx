import { NetworkDrawing } from '../drawing/network-drawing.tsx';
import { PLANE_MODELS, type PlaneModel } from './plane-models.ts';
import { PlaneMap } from './plane-map.tsx';
import type { PlaneState } from './plane-state.ts';
import { TASKS } from './plane-tasks.ts';
import styles from './plane.css?inline';

/** The true maps of both tasks, and a row for each model: its maps, its score and its network. */
export const PlaneView = ({ state }: { readonly state: PlaneState }) => (
  <div class="plane">
    <style>{styles}</style>
    <section class="plane-row">
      <header>
        <h3>The tasks</h3>
        <p>Dots are the labels that models see. Lines are the true boundaries.</p>
      </header>
      {TASKS.map((task, t) => (
        <figure key={task}>
          <PlaneMap
            label={`True map of ${task}, with ${state.settings.value.labels[t]} labels`}
            map={state.truths.value[t]!}
            truth={state.truths.value[t]!}
            points={state.points.value[t]}
          />
          <figcaption>
            {task}: {state.settings.value.labels[t]} labels
          </figcaption>
        </figure>
      ))}
    </section>
    {state.models.map((model) => (
      <ModelRow key={model} state={state} model={model} />
    ))}
  </div>
);

const ModelRow = ({ state, model }: { readonly state: PlaneState; readonly model: PlaneModel }) => {
  const frame = state.frames.value[model];
  const right = state.accuracies.value[model];
  return (
    <section class="plane-row" data-model={model} data-epoch={frame?.epoch ?? 0}>
      <header>
        <h3>{model}</h3>
        <p>{PLANE_MODELS[model]}</p>
        {frame && <NetworkDrawing model={model} levels={frame.fusion} tasks={TASKS} />}
      </header>
      {TASKS.map((task, t) => (
        <figure key={task}>
          <PlaneMap
            label={`${model}, map of ${task}: ${right ? percent(right[t]!) : 'not trained'}`}
            map={frame?.maps[t]}
            truth={state.truths.value[t]!}
            points={state.points.value[t]}
          />
          <figcaption>{right ? `${percent(right[t]!)} right` : 'not trained'}</figcaption>
        </figure>
      ))}
    </section>
  );
};

/** `35%`. */
export const percent = (share: number): string => `${Math.round(100 * share)}%`;
