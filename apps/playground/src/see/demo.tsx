import { render } from 'preact';
import { createPlaneState, type PlaneState } from './plane-state.ts';
import { percent, PlaneView } from './plane-view.tsx';

// The demo of the site's front page: an element `polytask-demo`, which trains as soon as it is in the page.

const SETTINGS = { alike: 1, conflict: 0, labels: [20, 240], seed: 2 } as const;

customElements.define(
  'polytask-demo',
  class extends HTMLElement {
    readonly state = createPlaneState(SETTINGS, ['single-task', 'adatt']);

    connectedCallback() {
      render(<Demo state={this.state} />, this);
      void this.state.train();
    }

    disconnectedCallback() {
      this.state.close();
      render(null, this);
    }
  },
);

const Demo = ({ state }: { readonly state: PlaneState }) => (
  <>
    <p class="demo-result" role="status">
      {sentenceOf(state)}
    </p>
    <PlaneView state={state} />
    <p>
      <button
        type="button"
        class="demo-again"
        onClick={() => {
          state.change({ seed: state.settings.value.seed + 1 });
          void state.train();
        }}
      >
        Again, with other points
      </button>
    </p>
  </>
);

/** What the demo has to say now. */
function sentenceOf({ status, accuracies }: PlaneState): string {
  if (status.value === 'failed') return 'This browser could not start the training.';
  if (status.value !== 'done') return 'Two models train on two tasks, here in your browser…';
  const [alone, together] = ['single-task', 'adatt'].map((model) => percent(accuracies.value[model]![0]!));
  return `Task 1 has 20 labels. A separate network gets ${alone} of its map right, and AdaTT, which shares with task 2, ${together}.`;
}
