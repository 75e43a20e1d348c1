import { notice } from '#platform';

const noticed = new Set<string>();

/** Writes a notice for the user, once per process. */
export function noticeOnce(message: string): void {
  if (!noticed.has(message)) notice(message);
  noticed.add(message);
}
