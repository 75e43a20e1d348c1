import { type Signal, useSignal } from '@preact/signals';
import { type Outcome, outcomeOf, OUTCOMES, PLANE_LESSONS, type PlaneLesson } from './plane-lessons.ts';
import type { PlaneState } from './plane-state.ts';
import { TASKS } from './plane-tasks.ts';
import { percent } from './plane-view.tsx';

/** The questions. A visitor guesses, runs, and only then reads the answer. */
export function LessonBox({ state }: { readonly state: PlaneState }) {
  const open = useSignal(0);
  const guess = useSignal<Outcome | undefined>(undefined);
  const lesson = PLANE_LESSONS[open.value]!;
  const isSetUp = state.settings.value.alike === lesson.settings.alike && sameData(state, lesson);
  const begin = (index: number) => {
    open.value = index;
    guess.value = undefined;
    state.change(PLANE_LESSONS[index]!.settings);
  };
  const isAnswered = isSetUp && guess.value !== undefined && state.status.value === 'done';
  return (
    <section class="lesson" aria-labelledby="question-title">
      <p class="eyebrow">
        Guess {open.value + 1} of {PLANE_LESSONS.length}
      </p>
      <h2 id="question-title">{lesson.title}</h2>
      <p>{lesson.question}</p>
      <Guess guess={guess} isFixed={state.status.value !== 'ready'} />
      {isAnswered && <Answer state={state} lesson={lesson} guess={guess.value!} />}
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={guess.value === undefined}
          onClick={() => {
            if (!isSetUp) state.change(lesson.settings);
            void state.train();
          }}
        >
          Run it
        </button>
        {PLANE_LESSONS.map(({ title }, i) =>
          i === open.value ? null : (
            <button key={title} type="button" onClick={() => begin(i)}>
              {title}
            </button>
          ),
        )}
      </div>
      {guess.value === undefined && <p class="hint">Guess first: the answer is shown after the run.</p>}
    </section>
  );
}

const sameData = ({ settings }: PlaneState, { settings: asked }: PlaneLesson) =>
  settings.value.conflict === asked.conflict && settings.value.labels.join() === asked.labels.join();

const Guess = ({ guess, isFixed }: { readonly guess: Signal<Outcome | undefined>; readonly isFixed: boolean }) => (
  <fieldset class="panel guess">
    <legend>Compared with a separate network, it is …</legend>
    {OUTCOMES.map((outcome) => (
      <label key={outcome}>
        <input
          type="radio"
          name="guess"
          disabled={isFixed}
          checked={guess.value === outcome}
          onChange={() => (guess.value = outcome)}
        />{' '}
        {outcome}
      </label>
    ))}
  </fieldset>
);

interface AnswerProps {
  readonly state: PlaneState;
  readonly lesson: PlaneLesson;
  readonly guess: Outcome;
}

const Answer = ({ state, lesson: { model, task, reason }, guess }: AnswerProps) => {
  const [own, alone] = [model, 'single-task'].map((name) => state.accuracies.value[name]![task]!) as [number, number];
  const outcome = outcomeOf(own, alone);
  return (
    <div class="plane-answer" role="status">
      <p>
        <strong>{outcome === guess ? 'As you guessed' : `You guessed “${guess}”`}:</strong> {model} has {percent(own)}{' '}
        of {TASKS[task]}’s map right, a separate network {percent(alone)}. That is {outcome}.
      </p>
      <p>{reason}</p>
      <p class="hint">This is one run. Change “Random draw” and train again: does it stay like this?</p>
    </div>
  );
};
