import { useSignal } from '@preact/signals';
import type { KeptComparison } from '../keeping/kept-data.ts';
import type { PageState } from '../page-state.ts';

const DAY = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' });

/** What this browser could not keep. */
export const KeepingFaults = ({ page }: { readonly page: PageState }) => (
  <div role="status">
    {page.keeper.faults.value.map((fault) => (
      <p key={fault} class="stale-note">
        {fault}
      </p>
    ))}
  </div>
);

/** The comparisons of this browser, to open again and to delete. */
export function KeptPanel({ page }: { readonly page: PageState }) {
  const { keeper, origin } = page;
  const list = keeper.list.value;
  if (list.length === 0) return null;
  return (
    <section class="kept" aria-labelledby="kept-title">
      <h2 id="kept-title">Your last comparisons</h2>
      <p class="hint">Kept in this browser only: trials, the models of the first seed, and your file.</p>
      <ul>
        {list.map((kept) => (
          <KeptRow key={kept.id} page={page} kept={kept} isOpen={kept.id === origin.value?.id} />
        ))}
      </ul>
    </section>
  );
}

interface KeptRowProps {
  readonly page: PageState;
  readonly kept: KeptComparison;
  readonly isOpen: boolean;
}

function KeptRow({ page, kept, isOpen }: KeptRowProps) {
  const isSure = useSignal(false);
  const { asked, finished, at, file, setup } = kept;
  const total = asked.models.length * asked.seeds.length;
  const isRunning = isOpen && /^(preparing|running|paused)$/.test(page.comparison.status.value);
  const data =
    file?.name ??
    { synthetic: `${setup.tasks} synthetic tasks`, census: 'the census sample', file: 'a file' }[setup.source];
  const title = `${asked.models.join(', ')} on ${data}`;
  const [opens, deletes] = [isOpen ? 'Open now' : 'Open', isSure.value ? 'Delete for good' : 'Delete'];
  return (
    <li>
      <div>
        <strong>{title}</strong>
        <span class="hint">
          {DAY.format(at)} · {finished} of {total} trials{kept.isDone || isRunning ? '' : ', not finished'}
          {kept.program === page.keeper.program ? '' : ', by an earlier version of this page'}
        </span>
      </div>
      <div class="buttons">
        <button
          type="button"
          disabled={isOpen}
          aria-label={`${opens}: ${title}`}
          onClick={() => void page.openKept(kept)}
        >
          {opens}
        </button>
        <button
          type="button"
          disabled={isRunning}
          aria-label={`${deletes}: ${title}`}
          onBlur={() => (isSure.value = false)}
          onClick={() => {
            if (isSure.value) void page.forget(kept);
            isSure.value = !isSure.value;
          }}
        >
          {deletes}
        </button>
      </div>
    </li>
  );
}
