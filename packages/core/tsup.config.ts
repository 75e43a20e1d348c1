import { library } from '../../tsup.base.ts';

export default library({
  entry: {
    index: 'src/index.ts',
    'tf-layers': 'src/tf-layers/index.ts',
    'memory/node': 'src/memory/node.ts',
    'memory/browser': 'src/memory/browser.ts',
    'sha256/node': 'src/sha256/node.ts',
    'sha256/browser': 'src/sha256/browser.ts',
    'tensorflow/node': 'src/tensorflow/node.ts',
    'tensorflow/browser': 'src/tensorflow/browser.ts',
    'storage/node': 'src/storage/node.ts',
    'storage/browser': 'src/storage/browser.ts',
  },
});
