import { library } from '../../tsup.base.ts';

export default library({
  entry: { index: 'src/index.ts', 'storage/node': 'src/storage/node.ts', 'storage/browser': 'src/storage/browser.ts' },
});
