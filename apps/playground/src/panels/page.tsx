import { DOCUMENT_RULES, selectionMeasure } from '@polytask/study';
import type { PageState } from '../page-state.ts';
import { ExchangePanel } from './exchange-panel.tsx';
import { KeepingFaults, KeptPanel } from './kept-panel.tsx';
import { LessonPanel } from './lesson-panel.tsx';
import { ResultSetsPanel } from './result-sets-panel.tsx';
import { RunBar } from './run-bar.tsx';
import { SetupPanel } from './setup-panel.tsx';
import { StaleNote } from './stale-note.tsx';
import { TrainingPanel } from './training-panel.tsx';
import { TryPanel } from './try-panel.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** The whole page. */
export function Page({ page }: { readonly page: PageState }) {
  const { comparison, faults } = page;
  const { summary, asked, status, histories, notes, failures, problem } = comparison;
  const problems = [
    ...faults.value,
    ...(problem.value ? [problem.value.message] : []),
    ...failures.value.map(({ model, seed, error }) => `${model}, seed ${seed}: ${error.message}`),
  ];
  const tasks = Object.keys(summary.value?.models[0]?.metrics ?? histories.value[0]?.epochs[0]?.validation ?? {});
  const selection = comparison.trials.value[0]?.config.training.selection ?? 'auc';
  return (
    <>
      <style>{DOCUMENT_RULES}</style>
      <header class="top">
        <h1>
          Polytask <span>playground</span>
        </h1>
        <p>
          Train several tasks together, and see what they share. <a href="../docs/playground.html">How to use it</a> ·{' '}
          <a href="../gallery/">All architectures</a>
        </p>
      </header>
      <div class="columns-of-page">
        <LessonPanel page={page} />
        <SetupPanel page={page} />
        <main>
          {problems.length > 0 && (
            <div class="problems" role="alert">
              {problems.map((each) => (
                <p key={each}>{each}</p>
              ))}
            </div>
          )}
          <KeepingFaults page={page} />
          {status.value === 'ready' ? <Welcome /> : <RunBar comparison={comparison} />}
          {notes.value.length > 0 && (
            <details class="notes">
              <summary>
                {notes.value.length} {notes.value.length === 1 ? 'note' : 'notes'} on the data
              </summary>
              {notes.value.map((note) => (
                <p key={note} class="hint">
                  {note}
                </p>
              ))}
            </details>
          )}
          <ResultSetsPanel page={page} />
          {status.value === 'ready' && <KeptPanel page={page} />}
          <StaleNote page={page} />
          <div class={page.stale.value.length > 0 ? 'stale' : undefined}>
            {summary.value && asked.value && (
              <VerdictPanel
                summary={summary.value}
                trials={comparison.trials.value}
                asked={asked.value}
                weighted={comparison.weighted.value}
                isDone={status.value === 'done'}
              />
            )}
            <TrainingPanel
              histories={histories.value}
              models={asked.value?.models ?? []}
              tasks={tasks}
              curve={selectionMeasure(selection).curve}
            />
          </div>
          <TryPanel page={page} />
          <ExchangePanel page={page} />
          {status.value !== 'ready' && <KeptPanel page={page} />}
        </main>
      </div>
    </>
  );
}

/** What a visitor reads before the first comparison. */
const Welcome = () => (
  <section class="welcome">
    <p>Press Compare to train the models that you chose.</p>
    <p class="hint">Their scores, learning curves and networks appear here while they train.</p>
  </section>
);
