import { packageTests } from '../../vitest.base.ts';

// `npm run test:playground`: these need a Chromium and the built page, so `npm test` leaves them out
export default packageTests('playground', {
  include: ['playground/*.browser.js'],
  globalSetup: 'playground/build-site.js',
  fileParallelism: false,
  testTimeout: 240_000,
  expect: { poll: { timeout: 20_000 } },
  hookTimeout: 120_000,
});
