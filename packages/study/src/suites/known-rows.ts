/**
 * The suites whose descriptions determine their rows: those that generate them, and those that read published files with known checksums.
 * Their trials have no hash of the rows, and keep the keys that they always had.
 */
const KNOWN_ROWS: ReadonlySet<unknown> = new Set(['synthetic', 'census-income', 'kuairand-pure']);

/** Whether a trial's description of its data identifies the rows: by their hash, or as known ones. */
export const identifiesRows = ({ content, set }: Readonly<Record<string, unknown>>): boolean =>
  content !== undefined || KNOWN_ROWS.has(set);
