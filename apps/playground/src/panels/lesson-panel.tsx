import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { guessOf } from '../lessons/guess.ts';
import { LESSON_SETUPS, LESSONS } from '../lessons/lessons.ts';
import type { PageState } from '../page-state.ts';

/** The names of the lessons in their order. */
const NAMES = Object.keys(LESSONS);

/** The open lesson beside its live page, or the list of all lessons. */
export function LessonPanel({ page }: { readonly page: PageState }) {
  const name = page.lesson.value;
  return name === undefined ? <LessonList page={page} /> : <OpenLesson key={name} page={page} name={name} />;
}

/** A lesson: a visitor guesses, runs it, and then reads what came out and why. */
function OpenLesson({ page, name }: { readonly page: PageState; readonly name: string }) {
  const { title, text, look, claims } = LESSONS[name]!;
  const { asked, status, summary, trials } = page.comparison;
  const place = NAMES.indexOf(name);
  const next = NAMES[place + 1];
  const guess = useSignal<string | undefined>(undefined);
  const askedBefore = useMemo(() => asked.peek(), []);
  const { models, experts } = LESSON_SETUPS[name]!;
  const { question, options, outcome } = guessOf(claims[0]!, models[0]!, experts);
  const isRun = status.value === 'done' && asked.value !== askedBefore && summary.value !== undefined;
  const shown = guess.value !== undefined && isRun ? outcome(summary.value!, trials.value) : undefined;
  const [setting, ...answer] = text;
  return (
    <aside class="lesson" aria-labelledby="lesson-title">
      <p class="eyebrow">
        Lesson {place + 1} of {NAMES.length}
      </p>
      <h2 id="lesson-title">{title}</h2>
      <p>{setting}</p>
      <fieldset class="panel guess">
        <legend>{question}</legend>
        {options.map((option) => (
          <label key={option}>
            <input
              type="radio"
              name="guess"
              disabled={isRun && guess.value !== undefined}
              checked={guess.value === option}
              onChange={() => (guess.value = option)}
            />{' '}
            {option}
          </label>
        ))}
      </fieldset>
      {shown === undefined ? (
        <p class="hint">Guess, then run it: the lesson goes on after the run.</p>
      ) : (
        <div class="lesson-answer">
          <p role="status">
            <strong>
              You guessed “{guess.value}”. This run says “{shown}”.
            </strong>
          </p>
          {answer.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <p class="look">{look}</p>
        </div>
      )}
      <div class="buttons">
        <button type="button" class="primary" disabled={guess.value === undefined} onClick={() => void page.compare()}>
          Run it
        </button>
        {next !== undefined && (
          <button type="button" onClick={() => page.openLesson(next)}>
            Next: {LESSONS[next]!.title}
          </button>
        )}
        <button type="button" onClick={() => page.openLesson(undefined)}>
          Close
        </button>
      </div>
    </aside>
  );
}

const LessonList = ({ page }: { readonly page: PageState }) => (
  <nav class="lessons" aria-label="Lessons">
    <h2>Short lessons</h2>
    <ol>
      {Object.entries(LESSONS).map(([name, { title, summary }]) => (
        <li key={name}>
          <a
            href={`#lesson=${name}`}
            onClick={(event) => {
              event.preventDefault();
              page.openLesson(name);
            }}
          >
            {title}
          </a>
          <span>{summary}</span>
        </li>
      ))}
      <li>
        <a href="./see.html">See it in two dimensions</a>
        <span>Two tasks as maps, and what models make of them while they train.</span>
      </li>
    </ol>
  </nav>
);
