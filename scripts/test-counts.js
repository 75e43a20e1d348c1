/**
 * Prints `PASSED FAILED` of a report by vitest's json reporter; a file that could not even be loaded is a failure, and
 * so is a report that isn't there.
 *
 *     node scripts/test-counts.js report.json [--slowest N]
 *
 * With --slowest it prints the files that took longest instead.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile
 * @typedef {{ name: string, startTime: number, endTime: number }} TimedFile
 * @param {{ testResults: TestFile[] }} report @returns {{ passed: number, failed: number }}
 */
export function testCounts({ testResults }) {
  /** @param {string} status */
  const tests = (status) =>
    testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === status).length;
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  );
  return { passed: tests('passed'), failed: tests('failed') + unloaded.length };
}

/**
 * A line for each of the files that took longest: seconds and path.
 * @param {{ testResults: TimedFile[] }} report @param {number} count @param {string} root
 */
export const slowestFiles = ({ testResults }, count, root) =>
  testResults
    .map(({ name, startTime, endTime }) => ({ seconds: (endTime - startTime) / 1000, file: relative(root, name) }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ seconds, file }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`);

/** @param {string} path @param {number} slowest */
function read(path, slowest) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    if (slowest > 0) return slowestFiles(report, slowest, process.cwd()).join('\n');
    const { passed, failed } = testCounts(report);
    return `${passed} ${failed}`;
  } catch (error) {
    console.error(`no report of the tests: ${error}`);
    return '0 1';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { slowest: { type: 'string' } } });
  console.log(read(positionals[0] ?? '', Number(values.slowest ?? 0)));
}
