import { packageTests } from '../../vitest.base.ts';

// `npm run test:site`: these need a Chromium and the site of `npm run docs`, so `npm test` leaves them out
export default packageTests('site-pages', {
  include: ['site/*.browser.js'],
  fileParallelism: false,
  testTimeout: 240_000,
  expect: { poll: { timeout: 20_000 } }, // a slow machine draws a table in more than Vitest's one second
  hookTimeout: 60_000,
});
