import { library } from '../../tsup.base.ts';

export default library({
  entry: {
    index: 'src/index.ts',
    compiled: 'src/engines/compiled/compiled-engine.ts',
    'platform/node': 'src/platform/node.ts',
    'platform/browser': 'src/platform/browser.ts',
  },
});
