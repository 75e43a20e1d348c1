import { useEffect, useMemo } from 'preact/hooks';
import { Range } from '../panels/range.tsx';
import { LessonBox } from './lesson-box.tsx';
import { PLANE_LESSONS } from './plane-lessons.ts';
import { PLANE_MODEL_NAMES } from './plane-models.ts';
import { createPlaneState, type PlaneState, type PlaneStatus } from './plane-state.ts';
import type { PlaneSettings } from './plane-tasks.ts';
import { percent, PlaneView } from './plane-view.tsx';

const STATUS: Readonly<Record<PlaneStatus, string>> = {
  ready: 'Ready',
  loading: 'Loading the models…',
  training: 'Training',
  done: 'Done',
  failed: 'The training could not start in this browser.',
};

/** The page on which a visitor sees two tasks in a plane, and what models make of them. */
export function SeePage() {
  const state = useMemo(() => createPlaneState(PLANE_LESSONS[0]!.settings, PLANE_MODEL_NAMES), []);
  useEffect(() => state.close, [state]);
  const { status, settings } = state;
  return (
    <>
      <header class="top">
        <h1>
          Polytask <span>in two dimensions</span>
        </h1>
        <p>
          Two tasks that one can see. <a href="./index.html">Compare models on real tables</a>
        </p>
      </header>
      <div class="columns-of-page">
        <LessonBox state={state} />
        <form
          class="setup"
          aria-label="Tasks"
          onSubmit={(event) => {
            event.preventDefault();
            void state.train();
          }}
        >
          <div class="choices">
            <fieldset class="panel">
              <legend>The tasks</legend>
              <Range
                {...{ label: 'How alike', least: 0, most: 1, step: 0.05, value: settings.value.alike, shown: percent }}
                onChange={(alike) => state.change({ alike })}
              />
              <Range
                {...{
                  label: 'Contradiction',
                  least: 0,
                  most: 1,
                  step: 0.05,
                  value: settings.value.conflict,
                  shown: percent,
                }}
                onChange={(conflict) => state.change({ conflict })}
              />
              <LabelSlider state={state} task={0} />
              <LabelSlider state={state} task={1} />
              <Range
                {...{ label: 'Random draw', least: 1, most: 20, step: 1, value: settings.value.seed }}
                onChange={(seed) => state.change({ seed })}
              />
            </fieldset>
          </div>
          <div class="start">
            <button class="primary" type="submit">
              Train
            </button>
            <p class="hint">Nothing leaves your browser.</p>
          </div>
        </form>
        <main>
          <p role="status" class="plane-status">
            <strong>{STATUS[status.value]}</strong>
          </p>
          <PlaneView state={state} />
        </main>
      </div>
    </>
  );
}

const LabelSlider = ({ state, task }: { readonly state: PlaneState; readonly task: 0 | 1 }) => (
  <Range
    {...{ label: `Labels of task ${task + 1}`, least: 10, most: 300, step: 10 }}
    value={state.settings.value.labels[task]}
    onChange={(count) => {
      const [first, second]: PlaneSettings['labels'] = state.settings.value.labels;
      state.change({ labels: task === 0 ? [count, second] : [first, count] });
    }}
  />
);
