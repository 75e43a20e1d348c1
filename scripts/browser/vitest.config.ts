import { packageTests } from '../../vitest.base.ts';

// `npm run test:browser`: these need a Chromium, so `npm test` leaves them out
export default packageTests('browser', {
  include: ['browser/*.browser.js'],
  testTimeout: 120_000,
  hookTimeout: 180_000,
});
