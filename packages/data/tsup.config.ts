import { library } from '../../tsup.base.ts';

export default library({ entry: { index: 'src/index.ts', 'tf-data': 'src/tf-data.ts' } });
