import { LESSONS } from '../lessons/lessons.ts';
import type { PageState } from '../page-state.ts';

/** The names of the lessons in their order. */
const NAMES = Object.keys(LESSONS);

/** The open lesson beside its live page, or the list of all lessons. */
export function LessonPanel({ page }: { readonly page: PageState }) {
  const name = page.lesson.value;
  if (name === undefined) return <LessonList page={page} />;
  const { title, text, look } = LESSONS[name]!;
  const place = NAMES.indexOf(name);
  const next = NAMES[place + 1];
  return (
    <aside class="lesson" aria-labelledby="lesson-title">
      <p class="eyebrow">
        Lesson {place + 1} of {NAMES.length}
      </p>
      <h2 id="lesson-title">{title}</h2>
      {text.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <p class="look">{look}</p>
      <div class="buttons">
        <button type="button" class="primary" onClick={() => void page.compare()}>
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
    <h2>Five short lessons</h2>
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
    </ol>
  </nav>
);
