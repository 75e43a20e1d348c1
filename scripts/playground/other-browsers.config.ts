import { packageTests } from '../../vitest.base.ts';

// `npm run test:other-browsers`: these need Firefox and MiniBrowser (firefox-esr, webkit2gtk-driver and xvfb of Debian)
export default packageTests('other-browsers', {
  include: ['playground/*.other-browser.js'],
  globalSetup: 'playground/build-site.js',
  fileParallelism: false,
  testTimeout: 240_000,
});
