/**
 * Prints the line of a check, and below it what is wrong. Then this process will exit with 1.
 *
 * @param {string} what
 * @param {string} wrong '' if nothing is
 * @returns {boolean} whether nothing is wrong
 */
export function report(what, wrong) {
  if (wrong) process.exitCode = 1;
  console.log(`${wrong ? '✗' : '✓'} ${what}${wrong ? `\n${wrong.trimEnd().replace(/^/gm, '    ')}` : ''}`);
  return !wrong;
}

/** A text of the seconds since a time of `performance.now()`. @param {number} start */
export const secondsSince = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;
