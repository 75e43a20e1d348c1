/** The number of colors of `--series-…` and of `--unit-…` in `styles/colors.css`. */
const SERIES = 8;
const UNITS = 4;

/** The color of a model in charts. @param index its place among the models of the comparison */
export const modelColor = (index: number): string => `var(--series-${index % SERIES})`;

/** The color of a unit: a task's own, or that of all shared units. */
export function unitColor(unit: string, tasks: readonly string[]): string {
  const task = tasks.indexOf(unit);
  return task < 0 ? 'var(--unit-shared)' : `var(--unit-${task % UNITS})`;
}
