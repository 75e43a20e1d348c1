// For Polytask's own packages. Any release may change or remove these exports.
export { suiteLoader } from './suites/load-suite.ts';
export { startEngine } from './engines.ts';
export { mergeResults } from './trials/merge-results.ts';
export { optionsOfComponent } from './options/component-options.ts';
