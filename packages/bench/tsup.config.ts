import { library } from '../../tsup.base.ts';

export default library({
  entry: {
    index: 'src/index.ts',
    cli: 'src/cli.ts',
    main: 'src/cli/main.ts',
    'trial-worker': 'src/trial-worker.ts',
  },
  platform: 'node',
});
