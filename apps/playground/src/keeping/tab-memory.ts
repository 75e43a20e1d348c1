import type { KeptFile } from './kept-data.ts';

/** What a tab remembers over a reload. */
export interface TabMemory {
  /** The comparison on the page. */
  readonly comparison?: string | undefined;
  /** Whether it was being trained. */
  readonly isRunning?: boolean;
  /** The file that was chosen. */
  readonly file?: KeptFile | undefined;
}

const KEY = 'polytask-playground';

/** What this tab remembered before a reload, or before a way back to it. A page that was opened anew remembers nothing. */
export function remembered(): TabMemory {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (entry?.type !== 'reload' && entry?.type !== 'back_forward') return {};
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? '{}') ?? {}) as TabMemory;
  } catch {
    return {}; // forbidden, or not of this page
  }
}

/** Remembers for a reload. Where that is forbidden, a reload begins anew. */
export function remember(memory: TabMemory): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(memory));
  } catch {
    // `keeper` says that nothing is kept
  }
}
