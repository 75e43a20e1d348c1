import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {import('../boundaries/manifest.js').Manifest} Manifest */

/**
 * The entry points whose declarations have types of TensorFlow.js: those that take or return tensors (optimizers that need the eager engine
 * do, and experts that are a layer of tf.layers), the kinds of feature and task and the calibrations, which share core's types, and the
 * entries for tf.layers and tf.data. No other declaration may import TensorFlow.js.
 * @type {Readonly<Record<string, string>>}
 */
const TENSOR_TYPES = {
  '@polytask/core': '@tensorflow/tfjs-core',
  '@polytask/compile': '@tensorflow/tfjs-core',
  '@polytask/graphs': '@tensorflow/tfjs-core',
  '@polytask/experts': '@tensorflow/tfjs-core',
  '@polytask/testing': '@tensorflow/tfjs-core',
  '@polytask/testing/new-process': '@tensorflow/tfjs-core',
  '@polytask/training': '@tensorflow/tfjs-core',
  '@polytask/training/compiled': '@tensorflow/tfjs-core',
  '@polytask/training/flat-optimizer': '@tensorflow/tfjs-core',
  '@polytask/core/calibration': '@tensorflow/tfjs-core',
  '@polytask/core/features': '@tensorflow/tfjs-core',
  '@polytask/core/tasks': '@tensorflow/tfjs-core',
  '@polytask/core/internal': '@tensorflow/tfjs-core',
  '@polytask/compile/internal': '@tensorflow/tfjs-core',
  '@polytask/training/internal': '@tensorflow/tfjs-core',
  '@polytask/testing/internal': '@tensorflow/tfjs-core',
  '@polytask/core/tf-layers': '@tensorflow/tfjs, @tensorflow/tfjs-core',
  '@polytask/data/tf-data': '@tensorflow/tfjs',
};

/**
 * The entry points of a package whose declarations import other packages of TensorFlow.js than they may.
 * @param {string} directory where the package is installed @param {Manifest} manifest @returns {string} '' if none does
 */
export const unexpectedTensorTypes = (directory, { name, exports = {} }) =>
  Object.entries(exports)
    .flatMap(([key, conditions]) => {
      const { types } = /** @type {{ types?: string }} */ (conditions);
      if (types === undefined) return [];
      const entry = name + key.slice(1);
      const received = [...importsOf(join(directory, types))].filter((each) => each.startsWith('@tensorflow/'));
      const [expected, found] = [TENSOR_TYPES[entry] ?? '', received.sort().join(', ')];
      return found === expected
        ? []
        : [`${entry}: expected ${expected || 'nothing'} of TensorFlow.js, received ${found || 'nothing'}`];
    })
    .join('\n');

/**
 * The packages that a declaration file imports, itself or through other files of its package.
 * @param {string} file @param {Set<string>} [found] @param {Set<string>} [seen]
 */
function importsOf(file, found = new Set(), seen = new Set()) {
  if (seen.has(file)) return found;
  seen.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\b[^'"]*['"]([^'"]+)['"];/gm,
  )) {
    if (specifier.startsWith('.')) importsOf(join(dirname(file), specifier.replace(/\.js$/, '.d.ts')), found, seen);
    else found.add(specifier);
  }
  return found;
}
