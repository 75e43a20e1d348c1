import { library } from '../../tsup.base.ts';

export default library({
  entry: { index: 'src/index.ts', svg: 'src/pictures/draw-pictures.ts', testing: 'src/testing/trial-of.ts' },
});
