import { expect, test } from 'vitest';
import { slowestFiles, testCounts } from './test-counts.js';

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

test('names the files that took longest', () => {
  const testResults = [
    { name: '/home/a.test.ts', startTime: 0, endTime: 1500 },
    { name: '/home/packages/b.test.ts', startTime: 100, endTime: 12_600 },
    { name: '/home/c.test.ts', startTime: 0, endTime: 9 },
  ];
  expect(slowestFiles({ testResults }, 2, '/home')).toEqual(['   12.5 s  packages/b.test.ts', '    1.5 s  a.test.ts']);
});
