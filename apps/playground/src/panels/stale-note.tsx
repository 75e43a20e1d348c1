import type { PageState } from '../page-state.ts';

/** What a visitor reads over a result that belongs to other settings, or that came with the address. */
export function StaleNote({ page }: { readonly page: PageState }) {
  const { stale, sharedDay } = page;
  const day = sharedDay.value;
  const parts = stale.value;
  if (day === undefined && parts.length === 0) return null;
  return (
    <div class="stale-note" role="status">
      {day !== undefined && (
        <p>
          <strong>A shared result of {day}.</strong> It came with the address: this browser has not trained it.
        </p>
      )}
      {parts.length > 0 && (
        <p>
          <strong>These results are for other settings:</strong> {parts.join('; ')}.
        </p>
      )}
      <div class="buttons">
        {parts.length > 0 && (
          <button type="button" onClick={() => page.backToResult()}>
            Back to these settings
          </button>
        )}
        {day !== undefined && (
          <button type="button" onClick={() => void page.compare()}>
            Run it yourself
          </button>
        )}
      </div>
    </div>
  );
}
