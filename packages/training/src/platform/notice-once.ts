import { notice } from '#platform';

const noticed = new Set<string>();

export function noticeOnce(message: string): void {
  if (!noticed.has(message)) notice(message);
  noticed.add(message);
}
