import { expect, test } from 'vitest';
import { testCounts } from './test-counts.js';

/** @param {string} status @param {string[]} tests */
const file = (status, ...tests) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });

test('counts tests over all files', () => {
  const report = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')] };
  expect(testCounts(report)).toEqual({ passed: 3, failed: 1 });
});

test('a file that did not load, or whose hooks failed, is one failure', () => {
  expect(testCounts({ testResults: [file('failed'), file('passed', 'passed'), file('failed', 'passed')] })).toEqual({
    passed: 2,
    failed: 2,
  });
});
