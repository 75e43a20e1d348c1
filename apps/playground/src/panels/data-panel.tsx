import { CENSUS } from '../data/census-sample.ts';
import type { PageState } from '../page-state.ts';
import type { Source } from '../setup/setup.ts';
import { FileInput, percent, Slider } from './controls.tsx';
import { TablePanel } from './table-panel.tsx';

const SOURCES: readonly (readonly [Source, string])[] = [
  ['synthetic', 'Synthetic'],
  ['census', 'Census'],
  ['file', 'Your CSV'],
];

/** The choice of the data: synthetic tasks with sliders, the census sample, or a CSV file. */
export function DataPanel({ page }: { readonly page: PageState }) {
  const { source } = page.setup.value;
  return (
    <fieldset class="panel">
      <legend>Data</legend>
      <div class="segments" role="radiogroup" aria-label="Source of the data">
        {SOURCES.map(([name, label]) => (
          <label key={name} class={source === name ? 'chosen' : ''}>
            <input
              type="radio"
              name="source"
              checked={source === name}
              onChange={() => page.change({ source: name })}
            />
            {label}
          </label>
        ))}
      </div>
      {source === 'synthetic' && <SyntheticSliders page={page} />}
      {source === 'census' && (
        <p class="hint">
          {CENSUS.text} <a href={CENSUS.license}>License</a>
        </p>
      )}
      {source === 'file' && <FileChoice page={page} />}
      {page.table.value && <TablePanel page={page} table={page.table.value} />}
    </fieldset>
  );
}

const SyntheticSliders = ({ page }: { readonly page: PageState }) => (
  <>
    <Slider page={page} name="tasks" label="Tasks" />
    <Slider
      {...{ page, name: 'correlation', label: 'Correlation', shown: (value) => value.toFixed(2) }}
      hint="How alike the tasks are."
    />
    <Slider
      {...{ page, name: 'conflict', label: 'Conflict', shown: percent }}
      hint="Where every second task is turned round."
    />
    <Slider {...{ page, name: 'noise', label: 'Noise', shown: (value) => value.toFixed(2) }} />
    <Slider
      {...{ page, name: 'labels', label: 'Labels of task 1', shown: percent }}
      hint="Rows with a label. The other tasks have all."
    />
    <Slider {...{ page, name: 'rows', label: 'Training rows', shown: (value) => value.toLocaleString('en-US') }} />
  </>
);

const FileChoice = ({ page }: { readonly page: PageState }) => (
  <label class="drop">
    <FileInput page={page} accept=".csv,.tsv,.txt,text/csv" />
    <strong>Drop a CSV file here</strong>, or choose one. It stays in this browser.
  </label>
);
