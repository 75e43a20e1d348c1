#!/usr/bin/env node
/**
 * Times the playground in Chromium: from a dropped CSV of 20,000 rows and 10 columns to the verdict of three models with five seeds.
 *
 *     npm run time-playground
 *
 * Exits with 1 when it takes 3 minutes or more, or a task of the page takes 100 ms or more.
 */
import { watchMainThreads } from '../browser/main-thread.js';
import buildSite from './build-site.js';
import { drop, ended, openPlayground } from './visit.js';

const ROWS = 20_000;
const GOAL = { seconds: 180, milliseconds: 100 };
/** How long the script waits for a verdict, in ms. */
const PATIENCE = 1_200_000;

/** Eight features, one of them a text, and two labels that they explain. @param {number} row */
const cells = (row) => {
  const numbers = Array.from({ length: 7 }, (_, c) => Math.sin((row + 1) * (c + 1.7) * 12.9898) * (c + 1));
  const [a, b, c] = /** @type {[number, number, number]} */ (numbers);
  return [
    ...numbers.map((value) => value.toFixed(4)),
    'abcdefgh'[row % 8],
    a + b > 0 ? 'yes' : 'no',
    b + c > 0 ? 'yes' : 'no',
  ];
};
const header = [...Array.from({ length: 7 }, (_, c) => `x${c}`), 'place', 'bought', 'liked'];
const text = [header, ...Array.from({ length: ROWS }, (_, row) => cells(row))].map((line) => line.join(',')).join('\n');

buildSite();
const playground = await openPlayground();
try {
  const page = await playground.visit();
  const tasks = await watchMainThreads(playground.browser);
  const start = performance.now();
  await drop(page, { name: 'people.csv', text: `${text}\n` });
  await page.locator('.described', { hasText: 'people.csv' }).waitFor();
  const described = performance.now();
  await page.getByRole('button', { name: 'Compare' }).click();
  await ended(page, PATIENCE);
  const end = performance.now();
  const { milliseconds: longest } = await tasks.longest();
  const seconds = (/** @type {number} */ from, /** @type {number} */ to) => ((to - from) / 1000).toFixed(1);
  console.log(`described after ${seconds(start, described)} s, verdict after ${seconds(start, end)} s`);
  console.log(
    `${await page.locator('.run-bar').textContent()}; the longest task of the page took ${longest.toFixed(0)} ms`,
  );
  console.log((await page.locator('.answer').textContent()) ?? '');
  if (end - start >= 1000 * GOAL.seconds || longest >= GOAL.milliseconds) process.exitCode = 1;
} finally {
  await playground.close();
}
