import { fail } from '@polytask/core';

/**
 * Throws where a stream has no row, or not as many as it says.
 *
 * @param read rows so far
 * @param ended whether there are no more
 */
export function checkRead(name: string, read: number, size: number | undefined, ended: boolean): void {
  if (ended && read === 0)
    fail({ expected: `rows in table "${name}"`, received: 'none', mend: 'Look at its source, or leave it out.' });
  if (size === undefined || (ended ? read === size : read <= size)) return;
  fail({
    expected: `the ${size} rows that table "${name}" is said to have`,
    received: ended ? String(read) : 'more',
    mend: 'Give the same rows each time, and the size that they have, or none.',
  });
}
