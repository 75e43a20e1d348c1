import { library } from '../../tsup.base.ts';

// index.js imports browser.js by its public name: esbuild can't bundle a file of nothing but `export *` from other packages.
export default library({ entry: ['src/index.ts', 'src/browser.ts'], splitting: false, external: ['polytask/browser'] });
