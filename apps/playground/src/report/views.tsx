import { parseViewJson, type ViewData } from '@polytask/study';
import { type ComponentType, render } from 'preact';
import { historyOfTrial } from '../comparison/model-history.ts';
import { DifferenceTable } from '../panels/difference-table.tsx';
import { SeedsPanel } from '../panels/seeds-panel.tsx';
import { TrainingPanel } from '../panels/training-panel.tsx';

import './views.css';

// The program of an HTML report: it puts the playground's views where the report has places for them.

/** The trainings of the first seed, as the playground shows them while they run. */
const TrainingView = ({ data: { trainings, models, columns, validation } }: { readonly data: ViewData }) => (
  <TrainingPanel
    histories={trainings.map(historyOfTrial)}
    models={models}
    tasks={[...new Set(columns.map(({ task }) => task))]}
    score={validation}
  />
);

/** The views by the name that a place has. */
const VIEWS: Readonly<Record<string, ComponentType<{ readonly data: ViewData }>>> = {
  seeds: SeedsPanel,
  differences: DifferenceTable,
  training: TrainingView,
};

const tables = parseViewJson(document.getElementById('views')!.textContent);
for (const place of document.querySelectorAll<HTMLElement>('[data-view]')) {
  const View = VIEWS[place.dataset['view']!]!;
  place.replaceChildren(); // what stands there without a script
  render(<View data={tables[Number(place.dataset['table'])]!} />, place);
}
