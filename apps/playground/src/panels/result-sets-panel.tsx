import type { PageState } from '../page-state.ts';

/** The choice among the settings of a dropped file that has several. */
export function ResultSetsPanel({ page }: { readonly page: PageState }) {
  const sets = page.results.value;
  if (sets.length < 2) return null;
  return (
    <label class="result-sets">
      Setting
      <select onChange={({ currentTarget }) => page.showResults(sets[currentTarget.selectedIndex]!)}>
        {sets.map(({ title, trials }) => (
          <option key={title}>
            {title} ({trials.length} trials)
          </option>
        ))}
      </select>
    </label>
  );
}
