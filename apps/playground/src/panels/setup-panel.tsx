import type { PageState } from '../page-state.ts';
import { DataPanel } from './data-panel.tsx';
import { ModelsPanel } from './models-panel.tsx';
import { Slider } from './controls.tsx';

/** All that a visitor chooses, and the button that starts. */
export const SetupPanel = ({ page }: { readonly page: PageState }) => (
  <form
    class="setup"
    aria-label="Setup"
    onSubmit={(event) => {
      event.preventDefault();
      void page.compare();
      showResults();
    }}
  >
    <div class="choices">
      <DataPanel page={page} />
      <ModelsPanel page={page} />
      <fieldset class="panel">
        <legend>Training</legend>
        <Slider page={page} name="seeds" label="Seeds" hint="Each model is trained once for each seed." />
        <Slider
          page={page}
          name="epochs"
          label="Epochs at most"
          hint="Training stops when the validation score no longer improves."
        />
        <label>
          <input
            type="checkbox"
            checked={page.setup.value.tradeOffs === 'yes'}
            onChange={({ currentTarget }) => page.change({ tradeOffs: currentTarget.checked ? 'yes' : 'no' })}
          />
          Trade-offs
        </label>
        <p class="hint">Trains each model at five weights of the first task, and draws the Pareto front.</p>
      </fieldset>
    </div>
    <div class="start">
      <button class="primary" type="submit">
        Compare
      </button>
      <p class="hint">Nothing leaves your browser.</p>
    </div>
  </form>
);

/** Scrolls to the results where they are below the screen, as on a phone. */
function showResults(): void {
  const main = document.querySelector('main');
  if (main && main.getBoundingClientRect().top > innerHeight / 2) main.scrollIntoView({ behavior: 'smooth' });
}
