import { packageTests } from '../../vitest.base.ts';

// `npm run test:cluster`: these need redis-server, so `npm test` leaves them out
export default packageTests('cluster', {
  include: ['src/**/*.cluster.ts'],
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 60_000,
});
