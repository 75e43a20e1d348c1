import { library } from '../../tsup.base.ts';

// A file for each balancer, so that a bundler leaves out those that a page doesn't use.
export default library({
  entry: ['src/**/*.ts', '!src/**/*.test.ts', '!src/testing/**'],
  dts: { entry: { index: 'src/index.ts' } },
});
