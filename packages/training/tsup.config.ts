import { library } from '../../tsup.base.ts';

export default library({
  entry: {
    index: 'src/index.ts',
    compiled: 'src/engines/compiled/compiled-engine.ts',
    'gradients/node': 'src/gradients/node.ts',
    'gradients/browser': 'src/gradients/browser.ts',
    'platform/node': 'src/platform/node.ts',
    'platform/browser': 'src/platform/browser.ts',
  },
});
