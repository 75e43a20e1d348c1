import { packageTests } from '../../vitest.base.ts';

// `npm run test:site`: these need a Chromium and the site of `npm run docs`, so `npm test` leaves them out
export default packageTests('site-pages', {
  include: ['site/*.browser.js'],
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 60_000,
});
