/**
 * Prints `PASSED FAILED` of a report by vitest's json reporter; a file that could not even be loaded is a failure, and
 * so is a report that isn't there.
 *
 *     node scripts/test-counts.js report.json
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} TestFile
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

/** @param {string} path */
function read(path) {
  try {
    return testCounts(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    console.error(`no report of the tests: ${error}`);
    return { passed: 0, failed: 1 };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { passed, failed } = read(process.argv[2] ?? '');
  console.log(`${passed} ${failed}`);
}
